import Foundation
import SleepCore

/// A card's pattern for whose a recording is, compiled.
struct SubjectPattern {
  private let text: String
  private let regex: Regex<AnyRegexOutput>
  private let root: URL

  /// Compiling a longer one, of nothing but brackets, would take more stack than there is.
  private static let longest = 1000

  /// - Throws: ``ReadError`` for a pattern that is none.
  init(_ pattern: NamePattern, root: URL) throws {
    text = pattern.pattern
    guard text.utf8.count <= Self.longest else {
      throw ReadError(
        root, found: "a subject pattern of \(text.utf8.count) bytes in the card", expected: "at most \(Self.longest)")
    }
    self.root = root
    do {
      regex = try Regex(pattern.pattern)
    } catch {
      throw ReadError(
        root, found: "the card's subject pattern '\(pattern.pattern)', which is no regular expression (\(error))",
        expected: "one such as '^(S[0-9]+)_', whose first group is the subject")
    }
  }

  /// The subject by the file's path below the root, else by its name.
  ///
  /// - Returns: `nil` where the pattern matches neither.
  /// - Throws: ``ReadError`` for a pattern without a group.
  func subject(of file: FileName) throws -> Subject? {
    guard let match = file.path.firstMatch(of: regex) ?? file.name.firstMatch(of: regex) else { return nil }
    guard match.output.count > 1 else {
      throw ReadError(
        root, found: "the card's subject pattern '\(text)' without a group",
        expected: "the subject in parentheses, as in '^(S[0-9]+)_'")
    }
    guard let subject = match.output[1].substring, !subject.isEmpty else { return nil }
    return Subject(String(subject))
  }

  /// Of a file that it does not match.
  func refusal(of file: FileName) -> String { "\(file.quoted) is not matched by the card's subject pattern '\(text)'" }
}
