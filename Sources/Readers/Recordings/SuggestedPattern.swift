import Foundation
import SleepCore

/// A subject pattern for a card that would decide names which look alike.
struct SuggestedPattern {
  private struct Candidate {
    let pattern: String
    let effect: String
  }

  private let chosen: Candidate

  /// - Parameters:
  ///   - group: The names in doubt, by their indices.
  ///   - files: All files.
  /// - Returns: `nil` where no simple pattern does.
  init?(_ group: LookAlikes, of files: [FileName], _ trials: inout PatternTrials) {
    for candidate in Self.candidates(group, group.members.map { files[$0] }) {
      guard let subjects = trials.subjects(by: candidate.pattern) else { continue }
      let joins = Set(group.members.map { subjects[$0] }).count == 1
      guard joins || group.kind == .same || group.kind == .visitsAlone else { continue }
      chosen = candidate
      return
    }
    return nil
  }

  /// As in a card, and what it does.
  var words: String { "a card's subject: {pattern: '\(chosen.pattern)'} \(chosen.effect)" }

  private static func candidates(_ group: LookAlikes, _ members: [FileName]) -> [Candidate] {
    switch group.kind {
    case .same, .visitsAlone:
      let areFoldersVisits = members.contains { file in
        file.folder.split(separator: "/").contains { VisitName(String($0))?.subject.isEmpty == true }
      }
      guard areFoldersVisits else {
        return [Candidate(pattern: "^([^/]+)/", effect: "takes their folders for subjects")]
      }
      guard group.kind == .same else { return [] }
      return [Candidate(pattern: "([^/]+)\\.[^./]*$", effect: "takes their names for subjects")]
    case .numbered: return joining(["([^/]*[^/0-9_. -])[-_. ]?[0-9]+\\.[^/]*$"])
    case .ending: return joining(["([^-_. /]+)\\.[^./]*$"])
    case .prefix:
      let next = members.lazy.compactMap { $0.stem.dropFirst(group.shared.count).first }.first
      guard let next, !next.isLetter else {
        return joining(["([^/]*[0-9])[A-Za-z]?\\.[^/]*$", "([^/]*[0-9])[A-Za-z]+[0-9]+\\.[^/]*$"])
      }
      // In quotation marks a card's text cannot hold one.
      guard next != "'" else { return [] }
      let separator = "-_ ".contains(next) ? String(next) : "\\\(next)"
      return joining([
        "([^/\(separator)]+)\(separator)[^/]*$", "([^/.\(separator)]+)[^/]*$",
        "([^/]*)\(separator)[^/\(separator)]*$",
      ])
    }
  }

  private static func joining(_ patterns: [String]) -> [Candidate] {
    patterns.map { Candidate(pattern: $0, effect: "joins them") }
  }
}

/// What patterns make of all files of a folder, each tried once.
struct PatternTrials {
  private let files: [FileName]
  private let decided: [Subject?]
  private let root: URL
  private var tried: [String: [Subject]?] = [:]

  /// - Parameter decided: Whose files are by a rule: what it joins, a pattern must join too.
  init(_ files: [FileName], decided: [Subject?], root: URL) {
    self.files = files
    self.decided = decided
    self.root = root
  }

  /// A subject a file; `nil` where the pattern does not match all, or parts what a rule joined.
  mutating func subjects(by pattern: String) -> [Subject]? {
    if let known = tried[pattern] { return known }
    let found = attempt(pattern)
    tried[pattern] = .some(found)
    return found
  }

  private func attempt(_ pattern: String) -> [Subject]? {
    guard let pattern = try? SubjectPattern(NamePattern(pattern), root: root) else { return nil }
    var subjects: [Subject] = []
    var joined: [Subject: Subject] = [:]
    for (file, decided) in zip(files, decided) {
      guard let subject = try? pattern.subject(of: file) else { return nil }
      subjects.append(subject)
      guard let decided else { continue }
      guard joined[decided, default: subject] == subject else { return nil }
      joined[decided] = subject
    }
    return subjects
  }
}
