import Foundation
import SleepCore

/// A text file whose first line names its columns, separated by commas.
struct HeadedTable {
  /// The first line, exactly.
  let header: String

  private var columnCount: Int { header.split(separator: ",").count }

  /// - Throws: ``ReadError`` for another header, a row of another width, and where there is no row.
  func forEachRow(of file: TextFile, _ body: (HeadedRow) throws -> Void) throws {
    var lines = TextLines(file)
    guard let first = lines.next(), first.fieldsBetweenCommas.joined(separator: ",") == header else {
      let found = TextLines(file).first { _ in true }
      throw ReadError(
        file.url, line: found?.number, found: found.map { "'\(printable($0.bytes))'" } ?? "no lines",
        expected: "the header '\(header)'")
    }
    var isEmpty = true
    while let line = lines.next() {
      let fields = line.fieldsBetweenCommas
      guard fields.count == columnCount else {
        throw ReadError(
          file.url, line: line.number, found: fields.count == 1 ? "1 column" : "\(fields.count) columns",
          expected: "\(columnCount) separated by commas (\(header))")
      }
      try body(HeadedRow(url: file.url, line: line.number, header: header, fields: fields))
      isEmpty = false
    }
    if isEmpty { throw ReadError(file.url, found: "no rows", expected: "rows of \(header)") }
  }
}

/// One row of a ``HeadedTable``.
struct HeadedRow {
  let url: URL
  let line: Int
  let header: String
  let fields: [Substring]

  func number(_ column: Int) throws -> Double { try number(fields[column], column) }

  /// The numbers of a field that holds several, separated by spaces.
  func numbers(_ column: Int) throws -> [Double] {
    try fields[column].split(separator: " ").map { try number($0, column) }
  }

  private func number(_ text: Substring, _ column: Int) throws -> Double {
    guard let value = DecimalNumber.parse(text) else {
      let found = text.isEmpty ? "nothing in column \(column + 1)" : "'\(printable(text.utf8))' in column \(column + 1)"
      throw ReadError(url, line: line, found: found, expected: "a number (\(header))")
    }
    return value
  }

  /// The stage as the annotations of the MIT-BIH polysomnographic database name it; `?` is unscored.
  func stage(_ column: Int) throws -> Stage? {
    switch fields[column] {
    case "W": return .wake
    case "1": return .n1
    case "2": return .n2
    case "3", "4": return .n3
    case "R": return .rem
    case "?", "MT": return nil
    default:
      throw ReadError(
        url, line: line, found: "the stage '\(printable(fields[column].utf8))'",
        expected: "W, 1, 2, 3, 4, R, MT (movement) or ? (unscored)")
    }
  }
}
