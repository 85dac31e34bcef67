import Foundation
import SleepCore

/// A card's pattern for whose a recording is, compiled.
struct SubjectPattern {
  private let text: String
  private let regex: RegularExpression
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
      regex = try RegularExpression(text)
    } catch let failure as RegularExpression.Failure {
      throw ReadError(
        root, found: "the card's subject pattern '\(text)', which is no regular expression (\(failure.reason))",
        expected: "one such as '^(S[0-9]+)_', whose first group is the subject")
    }
  }

  /// The subject by the file's path below the root, else by its name.
  ///
  /// - Returns: `nil` where the pattern matches neither.
  /// - Throws: ``ReadError`` for a pattern without a group, and for one that takes too long.
  func subject(of file: FileName) throws -> Subject? {
    guard let match = try match(file.path) ?? match(file.name) else { return nil }
    guard match.count > 1 else {
      throw ReadError(
        root, found: "the card's subject pattern '\(text)' without a group",
        expected: "the subject in parentheses, as in '^(S[0-9]+)_'")
    }
    // Groups that are called `subject`, joined, where there are such; else the first.
    let named = regex.groups.filter { $0.name == "subject" }.map(\.number).sorted()
    let subject = (named.isEmpty ? [1] : named).compactMap { match[$0] }.joined()
    return subject.isEmpty ? nil : Subject(subject)
  }

  private func match(_ name: String) throws -> [String?]? {
    do {
      return try regex.firstMatch(in: name)
    } catch let failure as RegularExpression.Failure {
      throw ReadError(
        root, found: "the card's subject pattern '\(text)', which takes \(failure.reason), \(quotedName(name))",
        expected: "one without repetitions within repetitions, such as '^(S[0-9]+)_'")
    }
  }

  /// Of a file that it does not match.
  func refusal(of file: FileName) -> String { "\(file.quoted) is not matched by the card's subject pattern '\(text)'" }
}
