public import Foundation

/// Why a signal could not be processed.
public enum SignalError: Error, Equatable {
  /// The values do not fill a whole number of rows.
  case unevenCount(what: String, found: Int, multipleOf: Int)
  /// Two inputs, or an input and its room, do not fit together.
  case mismatch(what: String, found: Int, expected: Int)
  /// A setting outside its range.
  case setting(name: String, found: String, expected: String)
  /// Too few samples for what is asked of them.
  case tooShort(what: String, samples: Int, expected: Int)
  /// All values of a channel are equal, or too many are for the chosen spread.
  case noVariance(samples: Int)
  /// No value of a channel is finite.
  case onlyMissing(samples: Int)
}

extension SignalError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .unevenCount(let what, let found, let row):
      "found \(found) \(what), expected a multiple of \(row)"
    case .mismatch(let what, let found, let expected):
      "found \(found) \(what), expected \(expected)"
    case .setting(let name, let found, let expected):
      "found \(name) \(found), expected \(expected)"
    case .tooShort(let what, let samples, let expected):
      "found \(samples) samples, expected at least \(expected) for \(what): shorten it or leave the signal out"
    case .noVariance(let samples):
      "found \(samples) samples without spread, expected a signal that varies: the sensor was off or clipped"
    case .onlyMissing(let samples):
      "found no finite value in \(samples) samples, expected a signal: leave the channel out"
    }
  }
}

/// The number of rows in `count` values.
func rowCount(_ count: Int, of row: Int, _ what: String) throws -> Int {
  guard row > 0 else { throw SignalError.setting(name: "a row length of", found: "\(row)", expected: "at least 1") }
  guard count % row == 0 else { throw SignalError.unevenCount(what: what, found: count, multipleOf: row) }
  return count / row
}
