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
  ///   - files: All files, each of which the pattern must match.
  ///   - subjects: Whose they are where that is decided: what a rule joins, the pattern must join too.
  /// - Returns: `nil` where no simple pattern does.
  init?(_ group: LookAlikes, of files: [FileName], subjects: [Subject?], root: URL) {
    let found = Self.candidates(group, group.members.map { files[$0] }).first { candidate in
      guard let pattern = try? SubjectPattern(NamePattern(candidate.pattern), root: root) else { return false }
      let all = files.map { try? pattern.subject(of: $0) }
      var joined: [Subject: Subject] = [:]
      for (index, subject) in all.enumerated() {
        guard let subject else { return false }
        guard let decided = subjects[index] else { continue }
        guard joined[decided, default: subject] == subject else { return false }
        joined[decided] = subject
      }
      switch group.kind {
      case .same, .visitsAlone: return true
      case .prefix, .ending, .numbered: return Set(group.members.map { all[$0] }).count == 1
      }
    }
    guard let found else { return nil }
    chosen = found
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
      guard let next, !next.isLetter else { return joining(["([^/]*[0-9])[A-Za-z]?\\.[^/]*$"]) }
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
