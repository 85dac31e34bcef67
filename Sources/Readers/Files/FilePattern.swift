import Foundation

/// A card's pattern for where files lie below the root: `**/shhs{session}-{subject}.edf`.
///
/// `*` is anything in one name, `**/` any folders or none, and `{subject}`, `{session}` and `{recording}` are the names that are looked for;
/// `{subject:[0-9]+}` says as a regular expression what one looks like. `{group}` is a family or the like, whose people stand on one side of a split, and `{part}` and `{posture}` tell several files of one recording apart. A name that stands twice is the same in both places. Case does not count.
struct FilePattern: Sendable {
  static let names = ["subject", "session", "recording", "group", "part", "posture"]
  /// What tells files of one recording apart.
  static let partNames = ["part", "posture"]

  let text: String
  /// The names that it tells of a file.
  let captures: Set<String>
  /// Those of them that stand in the file's own name, not in the folders that it lies in.
  let ownNames: Set<String>
  private let regex: RegularExpression

  private static let longest = 1000

  /// - Throws: ``ReadError`` for a name that is none, and for a pattern that cannot be followed.
  init(_ text: String, root: URL) throws {
    func refuse(_ found: String, _ expected: String) -> ReadError {
      ReadError(root, found: "\(found) in the card's files '\(text)'", expected: expected)
    }
    guard text.utf8.count <= Self.longest else {
      throw ReadError(
        root, found: "a pattern of \(text.utf8.count) bytes among the card's files", expected: "at most \(Self.longest)"
      )
    }
    guard !text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
      throw refuse("a path that leaves the folder", "one below it")
    }
    var pattern = "^"
    var captures: Set<String> = []
    var ownNames: Set<String> = []
    var rest = text[...]
    while let character = rest.first {
      if rest.hasPrefix("**/") {
        pattern += "(?:.*/)?"
        rest = rest.dropFirst(3)
        ownNames = []
      } else if character == "*" {
        pattern += "[^/]*"
        rest = rest.dropFirst()
      } else if character == "{" {
        guard let end = Self.end(of: rest) else { throw refuse("a '{' without its '}'", "both") }
        let parts = rest[rest.index(after: rest.startIndex)..<end].split(
          separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard Self.names.contains(name) else {
          throw refuse("'{\(name)}'", "one of \(Self.names.map { "{\($0)}" }.joined(separator: ", "))")
        }
        ownNames.insert(name)
        if captures.insert(name).inserted {
          let own = parts.count > 1 ? String(parts[1]) : "[^/]+?"
          do { _ = try RegularExpression(own) } catch let failure as RegularExpression.Failure {
            throw refuse(
              "'\(own)', which is no regular expression (\(failure.reason))", "one such as '{subject:[0-9]+}'")
          }
          pattern += "(?<\(name)>\(own))"
        } else {
          pattern += "\\k<\(name)>"
        }
        rest = rest[rest.index(after: end)...]
      } else {
        if character == "/" { ownNames = [] }
        pattern += "\\Q\(character)\\E"
        rest = rest.dropFirst()
      }
    }
    do {
      regex = try RegularExpression(pattern + "$", ignoringCase: true)
    } catch let failure as RegularExpression.Failure {
      throw refuse("what is no pattern (\(failure.reason))", "one such as '**/{subject:[0-9]+}.edf'")
    }
    self.text = text
    self.captures = captures
    self.ownNames = ownNames
  }

  /// The brace that closes the first one; a pattern in it may have its own.
  private static func end(of text: Substring) -> Substring.Index? {
    var depth = 0
    for index in text.indices {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// What the names are in a path; `nil` where it is not of this pattern.
  ///
  /// - Throws: ``ReadError`` where that takes too long to tell.
  func values(in path: String, root: URL) throws -> [String: String]? {
    let match: [String?]?
    do {
      match = try regex.firstMatch(in: path)
    } catch let failure as RegularExpression.Failure {
      throw ReadError(
        root, found: "the card's files '\(text)', which take \(failure.reason), \(quotedName(path))",
        expected: "a pattern without repetitions within repetitions")
    }
    guard let match else { return nil }
    var values: [String: String] = [:]
    for group in regex.groups { if let value = match[group.number], !value.isEmpty { values[group.name] = value } }
    return values
  }
}
