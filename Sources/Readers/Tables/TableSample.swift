import Foundation
import SleepCore

/// The first records of a table, and how they say that the rest reads.
struct TableSample {
  struct Row {
    let line: Int
    let fields: [[UInt8]]
  }

  let url: URL
  let separator: TableSeparator
  let values: TableValues
  /// The lines of names, and of units.
  let header: [Row]
  /// The first rows of samples.
  let rows: [Row]
  /// Records before the samples.
  let leading: Int
  /// The last comment before the samples.
  let comment: String?
  /// Bytes of a record, on average.
  let recordBytes: Double
  private(set) var warnings: [String] = []

  private static let most = (records: 300, bytes: 1 << 18)

  /// - Throws: ``ReadError`` where there is no row, or no separator cuts the first lines alike.
  init(_ url: URL, rules: TableRules) throws {
    self.url = url
    let records = try TableRecords(url, skipping: rules.skipLines ?? 0)
    var raw: [(line: Int, bytes: [UInt8])] = []
    var size = 0
    var comment: String?
    while raw.count < Self.most.records, size < Self.most.bytes, let record = try records.next() {
      if raw.isEmpty { comment = records.comments.last }
      raw.append((record.line, Array(record.bytes)))
      size += record.bytes.count + 2
    }
    self.comment = comment
    recordBytes = Double(size) / Double(max(1, raw.count))
    let name = url.lastPathComponent
    if records.isUnmarked { warnings.append("\(name): its letters are of two bytes each: it is read as UTF-16") }
    var said: TableSeparator?
    var leading = 0
    if let first = raw.first, first.bytes.count == 5, first.bytes.starts(with: Array("sep=".utf8)) {
      // A line for Excel alone.
      said = TableSeparator.allCases.first { $0.mark == first.bytes[4] }
      raw.removeFirst()
      leading = 1
    }
    guard let first = raw.first else { throw ReadError(url, found: "no rows", expected: "a table of samples") }
    if first.bytes.contains(0x0d) {
      throw ReadError(
        url, line: first.line, found: "lines that end with a carriage return alone", expected: "ends of LF or CRLF")
    }
    separator = try rules.separator ?? said ?? Self.separator(raw.map(\.bytes), url)
    let cut = TableFields(separator)
    let all = try raw.map { line, bytes in
      guard let fields = bytes.withUnsafeBufferPointer({ cut($0) }) else {
        throw ReadError.afterQuotes(url, line: line)
      }
      return Row(line: line, fields: fields)
    }
    let lines = rules.headerLines ?? Self.headerLines(all, missing: rules.missing ?? [])
    header = Array(all.prefix(lines))
    rows = Array(all.dropFirst(lines))
    self.leading = leading + lines
    guard !rows.isEmpty else {
      throw ReadError(url, found: "no rows below the header", expected: "a table of samples")
    }
    var decimal = rules.decimal ?? .point
    if rules.decimal == nil, let text = Self.decimalComma(rows, separator) {
      decimal = .comma
      warnings.append("\(name): its numbers have decimal commas: \(quoted(text))")
    }
    values = TableValues(decimal: decimal, missing: rules.missing ?? [])
  }

  /// The first separator that cuts all lines into as many fields, two or more.
  private static func separator(_ lines: [[UInt8]], _ url: URL) throws -> TableSeparator {
    // The last line of a file may be cut.
    let lines = lines.count > 3 ? lines.dropLast() : lines[...]
    func counts(_ separator: TableSeparator) -> Set<Int> {
      let cut = TableFields(separator)
      return Set(lines.map { line in line.withUnsafeBufferPointer { cut($0)?.count ?? 0 } })
    }
    let all: [(TableSeparator, Set<Int>)] = [.tab, .semicolon, .comma, .blanks].map { ($0, counts($0)) }
    if let exact = all.first(where: { $0.1.count == 1 && ($0.1.first ?? 0) > 1 }) { return exact.0 }
    if all.allSatisfy({ $0.1 == [1] }) { return .comma }
    throw ReadError(
      url, found: "first lines that no separator cuts into the same number of fields",
      expected:
        "'table: {separator: …}' in the card, one of comma, semicolon, tab and blanks, and 'skip_lines' where other lines "
        + "stand before the header")
  }

  /// Lines of names and units: those whose words stand over numbers.
  private static func headerLines(_ rows: [Row], missing: [String]) -> Int {
    let (point, comma) = (
      TableValues(decimal: .point, missing: missing), TableValues(decimal: .comma, missing: missing)
    )
    enum Kind { case missing, number, word }
    func kind(_ field: [UInt8]) -> Kind {
      if point.isMissing(field) { return .missing }
      let isNumber = point.number(field) != nil || comma.number(field) != nil
      return isNumber || field.withUnsafeBufferPointer { ClockText($0, order: .unknown) != nil } ? .number : .word
    }
    func isHeader(_ row: Int) -> Bool {
      let below = rows.dropFirst(row + 1).prefix(100)
      return rows[row].fields.enumerated().contains { column, field in
        guard kind(field) == .word else { return false }
        let kinds = below.compactMap { $0.fields.at(column).map(kind) }.filter { $0 != .missing }
        return !kinds.contains(.word) && kinds.contains(.number)
      }
    }
    func isUnits(_ row: Int) -> Bool {
      rows[row].fields.allSatisfy { ColumnName.unit(TableText.text($0)) != nil }
        && rows[row].fields.contains { kind($0) == .word }
    }
    guard !rows.isEmpty else { return 0 }
    if rows.count > 2, isUnits(1), !isUnits(0), rows[0].fields.contains(where: { kind($0) == .word }) { return 2 }
    if rows[0].fields.contains(where: { kind($0) == .number }) { return 0 }
    if isHeader(0) || rows[0].fields.allSatisfy({ kind($0) == .word }) { return 1 }
    return 0
  }

  /// The first number with a comma before its fraction, where none has a point.
  private static func decimalComma(_ rows: [Row], _ separator: TableSeparator) -> [UInt8]? {
    guard separator != .comma else { return nil }
    let (point, comma) = (TableValues(decimal: .point, missing: []), TableValues(decimal: .comma, missing: []))
    var found: [UInt8]?
    for field in rows.lazy.flatMap(\.fields) {
      if field.contains(0x2c), found == nil, comma.number(field) != nil { found = field }
      if field.contains(0x2e), point.number(field) != nil { return nil }
    }
    return found
  }
}

extension ReadError {
  static func afterQuotes(_ url: URL, line: Int) -> ReadError {
    ReadError(
      url, line: line, found: "a character after a field in quotation marks",
      expected: "a separator or the line's end: quotation marks in a field are written twice")
  }
}
