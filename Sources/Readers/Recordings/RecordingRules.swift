import Foundation
import SleepCore

/// Whose each recording of a folder is, and which label file belongs to it: as a card says, else by exact rules of names, else it is
/// told that nobody knows. `ssrm scan` and the readers of folders share this one piece of code.
struct RecordingRules {
  let root: URL
  let rules: ReadingRules
  let roles: FileRoles
  /// See ``SubjectRules/joinsByUnderscore``.
  var joinsByUnderscore = false

  /// - Parameters:
  ///   - scorings: Files of annotations alone.
  ///   - texts: Other files that may hold labels by their names.
  /// - Throws: ``ReadError`` for a card's rule that is none, and for a list of participants that cannot be read.
  func discovery(of signals: [FoundSignal], scorings: [FileName], texts: [FileName]) throws -> Discovery {
    let files = signals.map(\.file)
    let identifiers = Self.identifiers(of: signals)
    var subjects = try SubjectRules(root: root, rules: rules, joinsByUnderscore: joinsByUnderscore)
    let owners = try subjects.owners(of: signals, identifiers: identifiers)
    let template = try rules.labels?.files.map { try LabelTemplate($0, root: root) }
    let labels =
      try template.map {
        try LabelFiles(
          $0, scorings: scorings, of: files, owners: owners, identifiers: identifiers, root: root)
      } ?? LabelFiles(scorings: scorings, texts: texts, of: files)

    var drafts = signals.indices.map { index in
      RecordingDraft(
        id: identifiers[index], subject: owners[index].subject,
        session: owners[index].session ?? signals[index].session,
        files: signals[index].files, labels: signals[index].labels.map { [$0.url] } ?? [],
        isDecided: owners[index].subject != nil,
        decidedBy: owners[index].decidedBy)
    }
    for match in labels.matches {
      for signal in match.signals { drafts[signal].labels.append(match.file.url) }
    }
    for index in signals.indices { drafts[index].group = signals[index].group }
    let doubts = labels.doubts(files)
    for signal in doubts.flatMap(\.signals) { drafts[signal].isDecided = false }
    for index in drafts.indices where drafts[index].isDecided && !drafts[index].labels.isEmpty {
      drafts[index].decidedBy +=
        template == nil && signals[index].labels == nil ? ", labels of its name" : ", labels by the card"
    }
    drafts += labels.orphans.map {
      RecordingDraft(
        id: $0.identifier, subject: nil, session: nil, files: [:], labels: [$0.url], isDecided: false,
        decidedBy: "no rule")
    }
    let decided = drafts.filter(\.isDecided)
    return Discovery(
      decided.map { $0.source(labelsRole: roles.labels) },
      undecided: subjects.undecided + labels.undecided + doubts.map(\.words),
      notes: subjects.notes + labels.notes + Self.unscored(signals, drafts), drafts: drafts.filter { !$0.isDecided })
  }

  /// Safe as names of folders, and no two alike: as a card's patterns or the file's name say; where two have one, with as many of the folders
  /// that they lie in as tell them apart.
  private static func identifiers(of signals: [FoundSignal]) -> [String] {
    let files = signals.map(\.file)
    // Where a card says whose a file is, its name is enough, and its folders need not be told.
    let wanted = signals.map { $0.identifier ?? ($0.owner == nil ? $0.file.identifier : $0.file.stemIdentifier) }
    var alike: [String: [Int]] = [:]
    for (index, name) in wanted.enumerated() { alike[name, default: []].append(index) }
    var taken: Set<String> = []
    return files.indices.map { index in
      let (file, own) = (files[index], alike[wanted[index]] ?? [])
      var id = own.count > 1 ? told(file, apartFrom: own.map { files[$0] }) : wanted[index]
      while !taken.insert(id).inserted { id += "-\(file.fileExtension)" }
      return id
    }
  }

  /// The end of a path that no other of some files has, in as few parts as tell all of them apart.
  private static func told(_ file: FileName, apartFrom files: [FileName]) -> String {
    let deepest = files.map { $0.path.split(separator: "/").count }.max() ?? 1
    for parts in 1..<max(2, deepest) where Set(files.map { $0.identifier(parts: parts) }).count == files.count {
      return file.identifier(parts: parts)
    }
    return file.pathIdentifier
  }

  private static func unscored(_ signals: [FoundSignal], _ drafts: [RecordingDraft]) -> [String] {
    let none = signals.indices.filter { drafts[$0].labels.isEmpty && !signals[$0].mayHoldLabels }
    guard !none.isEmpty else { return [] }
    let names = listed(none.map { quotedName(signals[$0].file.name) })
    return [
      none.count == signals.count
        ? "no recording has a label file, or annotations of its own"
        : "\(none.count) of \(signals.count) recordings have no label file and no annotations of their own: \(names)"
    ]
  }
}
