import Foundation
import SleepCore

/// Whose each of a folder's recordings is: by a card's pattern, else by an exact rule of names, else nobody's.
///
/// The rules in their order: names after BIDS, Sleep-EDF's own names, a reader's own rule, names with a word for a visit, and last
/// each name for itself, where none looks like another of the same subject.
struct SubjectRules {
  let root: URL
  let pattern: SubjectPattern?
  /// Joins recordings by their names up to the first `_`, as the reader of arrays says of its folders.
  let joinsByUnderscore: Bool
  private(set) var undecided: [String] = []
  private(set) var notes: [String] = []

  private static let byUnderscore = "its name up to the first '_'"
  private static let byItself = "its own name"

  /// - Throws: ``ReadError`` for a pattern that is none.
  init(root: URL, rules: ReadingRules, joinsByUnderscore: Bool = false) throws {
    self.root = root
    self.joinsByUnderscore = joinsByUnderscore
    pattern = try rules.subject.map { try SubjectPattern($0, root: root) }
  }

  /// - Parameter identifiers: What a recording is called, which is its subject where a name stands for itself.
  /// - Returns: An owner a file.
  /// - Throws: ``ReadError`` for a pattern without a group, and for a list of participants that cannot be read.
  mutating func owners(of signals: [FoundSignal], identifiers: [String]) throws -> [RecordingOwner] {
    let files = signals.map(\.file)
    var owners: [RecordingOwner] = []
    for (signal, identifier) in zip(signals, identifiers) {
      owners.append(try signal.owner ?? owner(of: signal.file, identifier))
    }
    if pattern == nil, !signals.allSatisfy({ $0.owner != nil }) {
      undecideLookAlikes(&owners, files)
      notes += joined(owners, files)
      notes += try Participants.notes(on: files, below: root)
    }
    return owners
  }

  private mutating func owner(of file: FileName, _ identifier: String) throws -> RecordingOwner {
    if let pattern {
      let subject = try pattern.subject(of: file)
      if subject == nil { undecided.append(pattern.refusal(of: file)) }
      return RecordingOwner(
        subject: subject, session: BIDSName(file.stem)?.session ?? VisitName(file.base)?.session,
        decidedBy: "the card's pattern")
    }
    if let name = BIDSName(file.stem) {
      let other = file.folder.split(separator: "/").first {
        $0.hasPrefix("sub-") && $0 != name.subject || $0.hasPrefix("ses-") && $0 != name.session ?? ""
      }
      if let other { undecided.append("\(file.quoted) is named otherwise than its folder '\(other)'") }
      return RecordingOwner(
        subject: other == nil ? Subject(name.subject) : nil, session: name.session, decidedBy: "BIDS names")
    }
    if let name = SleepEDFName(file.stem) {
      return RecordingOwner(subject: Subject(name.subject), session: name.session, decidedBy: "Sleep-EDF's names")
    }
    let visit = VisitName(file.base)
    if joinsByUnderscore, let dash = file.base.firstIndex(of: "_"), dash > file.base.startIndex {
      return RecordingOwner(
        subject: Subject(String(file.base[..<dash])), session: visit?.session, decidedBy: Self.byUnderscore)
    }
    if let visit, !visit.subject.isEmpty {
      return RecordingOwner(
        subject: Subject(visit.subject), session: visit.session, decidedBy: Self.byWord(visit.word))
    }
    return RecordingOwner(subject: Subject(identifier), decidedBy: Self.byItself)
  }

  private static func byWord(_ word: String) -> String { "the word '\(word)' in its name" }

  /// Takes the subjects from names that look like several recordings of one, and are joined by no rule.
  private mutating func undecideLookAlikes(_ owners: inout [RecordingOwner], _ files: [FileName]) {
    let named = files.indices.filter { !["BIDS names", Self.byUnderscore].contains(owners[$0].decidedBy) }
    var doubts: [LookAlikes] = []
    for group in LookAlikes.groups(in: named.map { files[$0].base }) {
      let members = group.members.map { named[$0] }
      // One name in two places is nobody's, whatever word is in it; else only names that stand for themselves are in doubt.
      let doubtful =
        group.kind == .same ? members : members.filter { owners[$0].decidedBy == Self.byItself }
      guard !doubtful.isEmpty else { continue }
      for member in doubtful { owners[member].subject = nil }
      doubts.append(LookAlikes(kind: group.kind, shared: group.shared, members: members))
    }
    // Of subjects that stand for themselves nothing is joined.
    let decided = owners.map { $0.decidedBy == Self.byItself ? nil : $0.subject }
    var trials = PatternTrials(files, decided: decided, root: root)
    for doubt in doubts { undecided.append(Self.words(doubt, files, SuggestedPattern(doubt, of: files, &trials))) }
  }

  private static func words(_ group: LookAlikes, _ files: [FileName], _ suggested: SuggestedPattern?) -> String {
    let names = listed(group.members.map { files[$0].quoted })
    let shared =
      files[group.members[0]].base.range(of: group.shared, options: .caseInsensitive)
      .map { String(files[group.members[0]].base[$0]) } ?? group.shared
    let doubt: String
    switch group.kind {
    case .prefix, .ending, .numbered: doubt = "may be recordings of one subject \(quotedName(shared)), or of several"
    case .same: doubt = "have one name, and may be recordings of one subject or of several"
    case .visitsAlone: doubt = "name a visit and not whose it is"
    }
    return "\(names) \(doubt)" + (suggested.map { "; \($0.words)" } ?? "")
  }

  /// Which recordings were joined to one subject by a rule that goes by words or by a sign in their names.
  private func joined(_ owners: [RecordingOwner], _ files: [FileName]) -> [String] {
    var groups: [(subject: Subject, members: [Int])] = []
    var places: [Subject: Int] = [:]
    for (index, owner) in owners.enumerated() {
      guard let subject = owner.subject, !["BIDS names", "Sleep-EDF's names"].contains(owner.decidedBy) else {
        continue
      }
      if let place = places[subject] {
        groups[place].members.append(index)
      } else {
        places[subject] = groups.count
        groups.append((subject, [index]))
      }
    }
    groups.removeAll { $0.members.count < 2 }
    let sentences = groups.map { group in
      let names = listed(group.members.map { files[$0].stem })
      let rule = owners[group.members[0]].decidedBy.replacing("its name", with: "their names")
      return "\(names): \(Self.count(group.members.count)) recordings of one subject '\(group.subject)', by \(rule)"
    }
    guard sentences.count > 4 else { return sentences }
    return [
      "\(groups.count) subjects have several recordings each by rules of names, as \(sentences[0])"
    ]
  }

  private static func count(_ number: Int) -> String { number == 2 ? "two" : "\(number)" }
}
