import Foundation

/// A subject pattern for a card that would join names which look alike.
struct SuggestedPattern {
  let text: String

  /// - Parameters:
  ///   - group: The names that are to have one subject; those of one name, or of visits alone, are told apart by their folders.
  ///   - files: All files that the pattern must match, the group's members among them.
  /// - Returns: `nil` where no simple pattern does.
  init?(_ group: LookAlikes, of files: [FileName], root: URL) {
    let members = group.members.map { files[$0] }
    let found = Self.candidates(group, members).first { candidate in
      guard let pattern = try? SubjectPattern(NamePattern(candidate), root: root) else { return false }
      let all = files.map { try? pattern.subject(of: $0) }
      guard all.allSatisfy({ $0 != nil }) else { return false }
      switch group.kind {
      case .same, .visitsAlone: return true
      case .prefix, .ending, .numbered: return Set(group.members.map { all[$0] }).count == 1
      }
    }
    guard let found else { return nil }
    text = found
  }

  /// As in a card.
  var words: String { "subject: {pattern: '\(text)'}" }

  private static func candidates(_ group: LookAlikes, _ members: [FileName]) -> [String] {
    switch group.kind {
    case .same, .visitsAlone: return ["^([^/]+)/"]
    case .numbered: return ["([^/]*[^/0-9_. -])[-_. ]?[0-9]+\\.[^/]*$"]
    case .ending: return ["([^-_. /]+)\\.[^./]*$"]
    case .prefix:
      let next = members.lazy.compactMap { file -> Character? in
        file.stem.count > group.shared.count
          ? file.stem[file.stem.index(file.stem.startIndex, offsetBy: group.shared.count)] : nil
      }.first
      guard let next, !next.isLetter else { return ["([^/]*[0-9])[A-Za-z]?\\.[^/]*$"] }
      let separator = next == "." ? "\\." : String(next)
      return [
        "([^/\(separator)]+)\(separator)[^/]*$", "([^/\(separator).]+)[^/]*$",
        "([^/]*)\(separator)[^/\(separator)]*$",
      ]
    }
  }
}
