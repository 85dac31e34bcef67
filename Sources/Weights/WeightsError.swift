public import Files
public import Foundation
import SleepCore

/// A file of weights that is refused: what was found in it, what was expected, and the likely fix.
public struct WeightsError: Error, Equatable {
  public let path: String
  public let found: String
  public let expected: String

  public init(_ path: String, found: String, expected: String) {
    (self.path, self.found, self.expected) = (path, found, expected)
  }

  /// A file that could not be read.
  public init(_ error: InputError) {
    self.init(error.path, found: error.found, expected: "a file of weights, whole: copy or save it again")
  }
}

extension WeightsError: LocalizedError {
  public var errorDescription: String? { "\(path): found \(found), expected \(expected)" }
}

/// Does what may find a file unreadable.
func reading<Result>(_ body: () throws(InputError) -> Result) throws(WeightsError) -> Result {
  do { return try body() } catch { throw WeightsError(error) }
}

/// The first few of some names in quotes, as a stranger's file has them.
func listed(_ names: [String]) -> String {
  let shown = names.prefix(6).map { "'\($0.prefix(80))'".visibleLine }.joined(separator: ", ")
  return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
}
