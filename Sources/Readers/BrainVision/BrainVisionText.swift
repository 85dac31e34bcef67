import Foundation

/// The columns of a BrainVision data file in text, read in pieces however long its lines are.
struct BrainVisionText {
  let file: RawFile
  /// Whether a comma is the decimal symbol, and separates no columns.
  let hasComma: Bool
  let skippedLines: Int
  let skippedColumns: Int

  private static let bytesAtOnce = 1 << 20
  /// No number is longer, nor a name before one.
  private static let longestField = 4096

  /// How many rows and columns of numbers there are.
  ///
  /// - Throws: ``ReadError`` where two rows have different numbers of them.
  func size() throws -> (rows: Int, columns: Int) {
    var rows = 0
    var columns: Int?
    try forEachField { _, _, _ in
    } row: { line, count in
      let expected = columns ?? count
      guard count == expected, count > 0 else {
        throw ReadError(file.url, line: line, found: "\(count) values", expected: "\(expected), as in the first row")
      }
      columns = count
      rows += 1
    }
    return (rows, columns ?? 0)
  }

  /// Calls `body` with the numbers of one column, or one row, in order, and their index.
  ///
  /// - Throws: ``ReadError`` with the line where a value is no number.
  func forEachNumber(row: Int? = nil, column: Int? = nil, _ body: (Int, Double) throws -> Void) throws {
    try forEachField { place, line, bytes in
      guard row == nil || row == place.row, column == nil || column == place.column else { return }
      guard let value = number(bytes) else {
        throw ReadError(file.url, line: line, found: "'\(printable(bytes))'", expected: "a number")
      }
      try body(row == nil ? place.row : place.column, value)
    } row: { _, _ in
    }
  }

  private func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard hasComma, bytes.contains(0x2c) else { return Self.number(bytes) }
    return bytes.map { $0 == 0x2c ? 0x2e : $0 }.withUnsafeBufferPointer(Self.number)
  }

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard var position = bytes.baseAddress else { return nil }
    let end = position + bytes.count
    if let value = DecimalNumber.parse(at: &position, before: end), position == end { return value }
    return ["nan", "-nan"].contains(String(decoding: bytes, as: UTF8.self).lowercased()) ? .nan : nil
  }

  /// - Parameters:
  ///   - field: Is called with the row and column, the line, and the bytes of each field that is not skipped.
  ///   - row: Is called with the line and the number of fields at the end of each row.
  private func forEachField(
    _ field: ((row: Int, column: Int), Int, UnsafeBufferPointer<UInt8>) throws -> Void, row: (Int, Int) throws -> Void
  ) throws {
    var (line, rows, columns) = (1, 0, 0)
    var carried: [UInt8] = []
    func take(_ bytes: UnsafeBufferPointer<UInt8>) throws {
      if line > skippedLines {
        if columns >= skippedColumns { try field((rows, columns - skippedColumns), line, bytes) }
        columns += 1
      }
    }
    func endLine() throws {
      if columns > 0 {
        try row(line, columns - skippedColumns)
        rows += 1
      }
      columns = 0
      line += 1
    }
    var offset = 0
    while offset < file.size {
      let end = min(offset + Self.bytesAtOnce, file.size)
      let bytes = carried + (try file.bytes(offset..<end))
      carried = []
      offset = end
      try bytes.withUnsafeBufferPointer { bytes in
        var start = 0
        for at in bytes.indices {
          let byte = bytes[at]
          let isSeparator = byte <= 0x20 || byte == 0x3b || (byte == 0x2c && !hasComma)
          guard isSeparator else { continue }
          if at > start { try take(UnsafeBufferPointer(rebasing: bytes[start..<at])) }
          start = at + 1
          if byte == 0x0a { try endLine() }
        }
        carried = Array(bytes[start...])
      }
      guard carried.count <= Self.longestField else {
        throw ReadError(file.url, line: line, found: "a value of \(carried.count) bytes", expected: "a number")
      }
    }
    if !carried.isEmpty { try carried.withUnsafeBufferPointer(take) }
    try endLine()
  }
}
