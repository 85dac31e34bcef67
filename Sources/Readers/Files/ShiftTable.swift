import Foundation
public import SleepCore

/// How much later than its recording's zero a file begins, where a table of the data set says it, as a card's `files: {role: {shift: …}}`
/// has it: `value` of the recording's line, times `times`, plus `plus`.
public struct ShiftTable: Codable, Hashable, Sendable, Ranged {
  /// The table's path below the raw folder: CSV, or TSV by its ending.
  public var table: String
  /// The column that holds the subjects; numbers are compared as numbers, `0001` with `1`.
  public var key: String
  /// The column that holds what the shift is made of: a row, or seconds.
  public var value: String
  /// Seconds that one of it is worth; 1 where it is left out.
  public var times: Double?
  /// Seconds that are added; none where it is left out.
  public var plus: Double?

  public static let ranges = NumberRanges(
    CodingKeys.self, [.times: .number(-86_400...86_400), .plus: .number(-7_776_000...7_776_000)])

  public init(table: String, key: String, value: String, times: Double? = nil, plus: Double? = nil) {
    self.table = table
    self.key = key
    self.value = value
    self.times = times
    self.plus = plus
  }

  /// The shift of each subject that the table names.
  ///
  /// - Throws: ``ReadError`` for a table that is not there, leaves the folder or lacks a column, and for what is no number.
  func shifts(root: URL) throws -> [String: Double] {
    let rows = try ColumnPairs(table, below: root, key, value, as: "shift")
    var shifts: [String: Double] = [:]
    for row in rows.pairs where !row.value.isEmpty {
      guard let number = Double(row.value), number.isFinite else {
        throw ReadError(
          rows.url, line: row.line, found: "'\(printable(row.value.utf8))' in column '\(value)'", expected: "a number")
      }
      shifts[Self.plain(row.key)] = number * (times ?? 1) + (plus ?? 0)
    }
    return shifts
  }

  /// A name in small letters; of a number, without the zeros before it.
  static func plain(_ name: String) -> String { Int(name).map(String.init) ?? name.lowercased() }
}
