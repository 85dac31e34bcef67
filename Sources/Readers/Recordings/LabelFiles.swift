import Foundation

/// The files of a folder that may hold labels, and the recordings that they may belong to.
struct LabelFiles {
  /// A label file of which recordings, by a rule.
  struct Match: Hashable, Sendable {
    let file: FileName
    /// Indices of the signals that the rule gives it; one where all is clear.
    var signals: [Int]
  }

  /// The file and the recordings that it may be of.
  private(set) var matches: [Match] = []
  /// What a label file may belong to, where that is not one recording, or the other way round.
  struct Doubt: Hashable, Sendable {
    /// A sentence that names the files.
    let words: String
    /// Indices of the signals that it is about.
    let signals: [Int]
  }

  /// What belongs to no recording, a sentence each.
  private(set) var undecided: [String] = []
  /// The label files of those sentences.
  private(set) var orphans: [FileName] = []
  private(set) var notes: [String] = []

  init() {}

  /// Each label file with the signal of its own folder that has its name, a word for scoring left out.
  ///
  /// - Parameters:
  ///   - scorings: Files of annotations alone, which are label files whatever their names.
  ///   - texts: Other files that may be label files by their names.
  init(scorings: [FileName], texts: [FileName], of signals: [FileName]) {
    var byKey: [String: [Int]] = [:]
    var folders: Set<String> = []
    for (index, signal) in signals.enumerated() {
      folders.insert(signal.folder)
      for key in ScoringName.keys(of: signal) { byKey[key, default: []].append(index) }
    }
    let nights = Dictionary(
      grouping: signals.indices.filter { SleepEDFName(signals[$0].stem)?.isHypnogram == false },
      by: { signals[$0].folder + "/" + (SleepEDFName(signals[$0].stem)?.night ?? "") })
    var documents: [(file: FileName, name: ScoringName, document: LabelDocument, own: Set<Int>)] = []
    for (file, isScoring) in scorings.map({ ($0, true) }) + texts.map({ ($0, false) }) {
      let name = ScoringName(file)
      let everywhere = Set((name?.keys ?? []).flatMap { byKey[$0] ?? [] })
      var own = everywhere.filter { signals[$0].folder == file.folder }
      if let published = SleepEDFName(file.stem), published.isHypnogram {
        own.formUnion(nights[file.folder + "/" + published.night] ?? [])
      }
      if let name, let document = name.document, !own.isEmpty, LabelDocument.isRefused(file.url) {
        documents.append((file, name, document, own))
        continue
      }
      if !own.isEmpty {
        matches.append(Match(file: file, signals: own.sorted()))
        continue
      }
      guard isScoring || name?.isPlain == true else { continue }
      orphans.append(file)
      undecided.append(Self.words(file, isScoring: isScoring, everywhere.sorted().map { signals[$0] }))
    }
    // Where there are labels, what else somebody keeps them in does not matter.
    let labelled = Set(matches.flatMap(\.signals))
    for (file, name, document, own) in documents where own.isDisjoint(with: labelled) {
      let owners = listed(own.sorted().map { signals[$0].quoted })
      let advice = "\(document.found): \(document.advice)"
      if name.isPlain {
        orphans.append(file)
        undecided.append("\(file.quoted) is named as the label file of \(owners), and is \(advice)")
      } else {
        notes.append("\(file.quoted) may hold the labels of \(owners), and is \(advice)")
      }
    }
  }

  private static func words(_ file: FileName, isScoring: Bool, _ others: [FileName]) -> String {
    let kind = isScoring ? "holds annotations alone" : "is named as a label file"
    guard let first = others.first else {
      return "\(file.quoted) \(kind), and no signal file in its folder has its name"
    }
    let rule =
      LabelTemplate.suggested(for: file, of: first).map { "; a card's labels: {files: '\($0)'} joins them" } ?? ""
    return "\(file.quoted) \(kind), and may be of \(listed(others.map(\.quoted))) in another folder\(rule)"
  }

  /// Each recording with the file that a card's rule says, where that is there.
  ///
  /// - Throws: ``ReadError`` for a rule that leads out of the root.
  init(
    _ template: LabelTemplate, scorings: [FileName], of signals: [FileName], owners: [RecordingOwner],
    identifiers: [String], root: URL
  ) throws {
    var places: [URL: Int] = [:]
    for (index, signal) in signals.enumerated() {
      switch try template.file(of: signal, recording: identifiers[index], owner: owners[index], root: root) {
      case .undecided, .absent: continue
      case .file(let url):
        if let place = places[url] {
          matches[place].signals.append(index)
        } else {
          places[url] = matches.count
          matches.append(Match(file: FileName(url, below: root), signals: [index]))
        }
      }
    }
    if matches.isEmpty { notes.append("the card's label files, '\(template.text)', are there for no recording") }
    let used = Set(matches.map(\.file.path))
    let unused = scorings.filter { !used.contains($0.path) }
    if !unused.isEmpty {
      notes.append(
        "\(unused.count) file\(unused.count == 1 ? "" : "s") of annotations alone, of no recording by the card's label files: "
          + listed(unused.map(\.quoted)))
    }
  }

  /// The label files that may be a signal's own.
  func candidates(of signal: Int) -> [FileName] { matches.filter { $0.signals.contains(signal) }.map(\.file) }

  /// - Parameter files: The signals that the matches are of.
  func doubts(_ files: [FileName]) -> [Doubt] {
    var doubts = matches.filter { $0.signals.count > 1 }.map { match in
      Doubt(
        words:
          "\(match.file.quoted) may be the labels of \(listed(match.signals.map { files[$0].quoted })), and of one alone",
        signals: match.signals)
    }
    let counts = Dictionary(matches.flatMap(\.signals).map { ($0, 1) }, uniquingKeysWith: +)
    for (signal, count) in counts.filter({ $0.value > 1 }).sorted(by: { $0.key < $1.key }) {
      let names = listed(candidates(of: signal).map(\.quoted))
      doubts.append(
        Doubt(words: "\(files[signal].quoted) has \(count) label files, \(names), and needs one", signals: [signal]))
    }
    return doubts
  }
}
