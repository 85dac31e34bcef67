import Foundation

/// The one rule for names that come from a file and become the name of a file or folder: a recording's, a recipe's.
public enum SafeName {
  /// At most so many bytes, so that a suffix still fits into the 255 of a file system.
  public static let longest = 200

  /// What is wrong with a name, or `nil` where it is a plain name: not empty, no way to another folder, not hidden, no control
  /// character, and short enough.
  public static func problem(with name: String) -> String? {
    if name.isEmpty { return "no name" }
    if name.unicodeScalars.contains(where: { $0.value < 32 || (127...159).contains($0.value) }) {
      return "a control character"
    }
    if name.contains("/") { return "a slash" }
    if name.hasPrefix(".") { return "a dot at the beginning" }
    if name.utf8.count > longest { return "\(name.utf8.count) bytes" }
    return nil
  }

  /// Whether a name is a plain one.
  public static func isSafe(_ name: String) -> Bool { problem(with: name) == nil }

  /// In words what is wanted, for the end of an error.
  public static let expected =
    "a plain name without slashes, control characters or a dot at its beginning, of at most \(longest) bytes"
}
