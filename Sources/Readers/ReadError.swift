public import Foundation

/// What is wrong with a file: `path[:line]: what was found, what was expected`.
public struct ReadError: Error, Equatable {
  public let path: String
  /// Counted from 1, in text files.
  public let line: Int?
  public let found: String
  public let expected: String

  public init(_ url: URL, line: Int? = nil, found: String, expected: String) {
    path = url.path
    self.line = line
    self.found = found
    self.expected = expected
  }
}

extension ReadError: LocalizedError {
  public var errorDescription: String? {
    "\(path)\(line.map { ":\($0)" } ?? ""): found \(found), expected \(expected)"
  }
}
