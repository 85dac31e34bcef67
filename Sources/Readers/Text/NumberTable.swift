/// A text file of numbers: what each column is and what stands between them.
struct NumberTable {
  enum Separator: String {
    case commas
    /// Any number of spaces and tabs, also before the first and after the last.
    case blanks
  }

  /// What a row holds, for the words of an error: `2: seconds, beats a minute`.
  let contents: String
  let columnCount: Int
  let separator: Separator
  /// Lines beginning with it are passed over.
  let comment: Character?

  init(_ columns: [String], separatedBy separator: Separator, comment: Character? = nil) {
    contents = columns.joined(separator: ", ")
    columnCount = columns.count
    self.separator = separator
    self.comment = comment
  }

  /// A table of `columnCount` columns that all hold the same.
  init(_ contents: String, columnCount: Int, separatedBy separator: Separator) {
    self.contents = contents
    self.columnCount = columnCount
    self.separator = separator
    comment = nil
  }

  /// Calls `body` with the line number and the `columnCount` numbers of each row.
  ///
  /// - Throws: ``ReadError`` at a field that is no finite number and at a row of another width, and where there is no row.
  func forEachRow(
    of file: TextFile, _ body: (_ line: Int, _ row: UnsafeBufferPointer<Double>) throws -> Void
  ) throws {
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: columnCount) { row in
      row.initialize(repeating: 0)
      var isEmpty = true
      for line in TextLines(file, comment: comment) {
        let found = separator == .blanks ? fillFromBlanks(row, line) : fillFromCommas(row, line)
        if let found { throw problem(found, file, line) }
        try body(line.number, UnsafeBufferPointer(row))
        isEmpty = false
      }
      if isEmpty { throw ReadError(file.url, found: "no rows", expected: "rows of \(contents)") }
    }
  }

  private enum Problem {
    case columns(Int)
    case text(column: Int, String)
  }

  @inline(__always)
  private func fillFromBlanks(_ row: UnsafeMutableBufferPointer<Double>, _ line: TextLine) -> Problem? {
    guard var p = line.bytes.baseAddress else { return .columns(0) }
    let end = p + line.bytes.count
    var column = 0
    while true {
      while p < end, p.pointee == 0x20 || p.pointee == 0x09 { p += 1 }
      if p == end { break }
      guard column < columnCount else { return .columns(fieldCount(line)) }
      let start = p
      guard let value = DecimalNumber.parse(at: &p, before: end),
        p == end || p.pointee == 0x20 || p.pointee == 0x09
      else { return .text(column: column, excerpt(from: start, to: end)) }
      row[column] = value
      column += 1
    }
    return column == columnCount ? nil : .columns(column)
  }

  @inline(__always)
  private func fillFromCommas(_ row: UnsafeMutableBufferPointer<Double>, _ line: TextLine) -> Problem? {
    guard var p = line.bytes.baseAddress else { return .columns(0) }
    let end = p + line.bytes.count
    var column = 0
    while true {
      guard column < columnCount else { return .columns(fieldCount(line)) }
      while p < end, p.pointee == 0x20 || p.pointee == 0x09 { p += 1 }
      let start = p
      guard let value = DecimalNumber.parse(at: &p, before: end) else {
        return .text(column: column, excerpt(from: start, to: end))
      }
      while p < end, p.pointee == 0x20 || p.pointee == 0x09 { p += 1 }
      row[column] = value
      column += 1
      if p == end { break }
      guard p.pointee == 0x2c else { return .text(column: column - 1, excerpt(from: start, to: end)) }
      p += 1
    }
    return column == columnCount ? nil : .columns(column)
  }

  private func fieldCount(_ line: TextLine) -> Int {
    switch separator {
    case .blanks: line.bytes.split { $0 == 0x20 || $0 == 0x09 }.count
    case .commas: line.bytes.count { $0 == 0x2c } + 1
    }
  }

  private func excerpt(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> String {
    let rest = UnsafeBufferPointer(start: start, count: end - start)
    let field = rest.prefix { separator == .commas ? $0 != 0x2c : $0 != 0x20 && $0 != 0x09 }
    return printable(field)
  }

  private func problem(_ problem: Problem, _ file: TextFile, _ line: TextLine) -> ReadError {
    switch problem {
    case .columns(let count):
      ReadError(
        file.url, line: line.number, found: count == 1 ? "1 column" : "\(count) columns",
        expected: "\(columnCount) separated by \(separator.rawValue) (\(contents))")
    case .text(let column, let text):
      ReadError(
        file.url, line: line.number,
        found: text.isEmpty ? "nothing in column \(column + 1)" : "'\(text)' in column \(column + 1)",
        expected: "a number (\(contents))")
    }
  }
}

/// The start of some bytes of a file as one short line that a terminal can show.
func printable(_ bytes: some Sequence<UInt8>) -> String {
  let scalars = String(decoding: Array(bytes.prefix(25)), as: UTF8.self).unicodeScalars
  let shown = scalars.prefix(24).map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: "\u{fffd}"
    default: String(scalar)
    }
  }
  return shown.joined() + (scalars.count > 24 ? "…" : "")
}
