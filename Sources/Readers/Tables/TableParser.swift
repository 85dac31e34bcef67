import Files
import Foundation
import SleepCore

/// Reads the rows of a table, column by column into memory.
///
/// One thread at a time reads with it: checking each access for another one would take a tenth of the time.
final class TableParser {
  @exclusivity(unchecked) private(set) var columns: TableColumns
  @exclusivity(unchecked) private(set) var time: TimeColumn?
  /// Samples of each column of numbers; others are empty.
  @exclusivity(unchecked) private(set) var samples: [[Float]]
  /// From the times' zero, one a row; empty without a column of them. NaN where a row has none.
  @exclusivity(unchecked) private(set) var seconds: [Double] = []
  /// The stage of each row as a number of `stageWords`; empty without a column of them.
  @exclusivity(unchecked) private(set) var stages: [UInt16] = []
  @exclusivity(unchecked) private var words = TableWords()
  @exclusivity(unchecked) private(set) var rowCount = 0
  @exclusivity(unchecked) private(set) var warnings: [String] = []

  let url: URL
  private let values: TableValues
  private let cut: TableFields
  private let separator: TableSeparator
  @exclusivity(unchecked) private var blankLines = 0
  @exclusivity(unchecked) private var infinite = 0

  /// Rows that are kept together before they are put with the rest of their column.
  private static let block = 4096
  private let scratch: UnsafeMutableBufferPointer<Float>
  @exclusivity(unchecked) private var filled = 0
  /// Of the row that is read.
  @exclusivity(unchecked) private var rowSecond: Double?
  @exclusivity(unchecked) private var timeText: Text?
  @exclusivity(unchecked) private var dateText: Text?

  private typealias Text = UnsafeBufferPointer<UInt8>
  private typealias Place = UnsafePointer<UInt8>

  /// - Throws: ``ReadError`` at a word among numbers, a text that is no time, and a row of another width.
  init(_ sample: TableSample, _ columns: TableColumns, _ time: TimeColumn?, rules: TableRules) throws {
    url = sample.url
    values = sample.values
    separator = sample.separator
    cut = TableFields(sample.separator)
    self.columns = columns
    self.time = time
    samples = [[Float]](repeating: [], count: columns.kinds.count)
    scratch = .allocate(capacity: Self.block * columns.kinds.count)
    scratch.initialize(repeating: .nan)
    let records = try TableRecords(sample.url, skipping: rules.skipLines ?? 0)
    reserve(records.size, sample.recordBytes)
    for _ in 0..<sample.leading { _ = try records.next() }
    while let record = try records.next() {
      if rowCount > 0 { blankLines += records.blankLines }
      try read(record)
    }
    try flush()
    tell()
  }

  deinit { scratch.deallocate() }

  private func reserve(_ size: Int, _ recordBytes: Double) {
    let rows = min(Int(Double(size) / max(1, recordBytes) * 1.05) + 16, InputFile.memory / 64)
    for column in samples.indices where columns.kinds[column] == .number { samples[column].reserveCapacity(rows) }
    if time != nil { seconds.reserveCapacity(rows) }
    if columns.kinds.contains(.stage) { stages.reserveCapacity(rows) }
  }

  var stageWords: [String] { words.texts }

  private func read(_ record: TableRecords.Record) throws {
    guard var place = record.bytes.baseAddress else { return }
    let end = place + record.bytes.count
    var column = 0
    while true {
      cut.skipBlanks(at: &place, before: end)
      if place == end, cut.mark == nil || column == columns.kinds.count { break }
      guard column < columns.kinds.count else { throw wrongWidth(record, column + 1) }
      switch columns.kinds[column] {
      case .number where takeNumber(column, at: &place, before: end): break
      case .time where takeTime(at: &place, before: end): break
      default: try takeField(column, at: &place, before: end, line: record.line)
      }
      column += 1
      guard cut.mark != nil else { continue }
      if place == end { break }
      place += 1
    }
    if try isWhole(record, columnCount: column) { try endRow(record.line) }
  }

  /// Reads a number into a column, unless something else stands there.
  @inline(__always)
  private func takeNumber(_ column: Int, at place: inout Place, before end: Place) -> Bool {
    var next = place
    guard let number = DecimalNumber.parse(at: &next, before: end, point: values.point),
      cut.ends(at: &next, before: end)
    else { return false }
    put(number, column)
    place = next
    return true
  }

  /// Reads a time that is a number, unless something else stands there.
  @inline(__always)
  private func takeTime(at place: inout Place, before end: Place) -> Bool {
    var next = place
    guard let second = time?.seconds(at: &next, before: end), cut.ends(at: &next, before: end) else { return false }
    rowSecond = second
    place = next
    return true
  }

  @inline(__always)
  private func put(_ number: Double, _ column: Int) {
    scratch[column * Self.block + filled] = values.standsForMissing(number) ? .nan : Float(number)
  }

  /// Reads any field, with quotation marks or without.
  private func takeField(_ column: Int, at place: inout Place, before end: Place, line: Int) throws {
    guard place < end, place.pointee == TableFields.quote else {
      return try take(cut.plain(at: &place, before: end), column, line)
    }
    guard let field = cut.quoted(at: &place, before: end) else { throw ReadError.afterQuotes(url, line: line) }
    // In a time or date there is none.
    guard field.contains(TableFields.quote), ![.time, .date].contains(columns.kinds[column]) else {
      return try take(field, column, line)
    }
    try TableFields.undoubled(field).withUnsafeBufferPointer { try take($0, column, line) }
  }

  private func take(_ field: Text, _ column: Int, _ line: Int) throws {
    switch columns.kinds[column] {
    case .number, .undecided: try takeSample(field, column, line)
    case .stage: try takeStage(field, column, line)
    case .time: timeText = field
    case .date: dateText = field
    case .skipped: break
    }
  }

  private func takeSample(_ field: Text, _ column: Int, _ line: Int) throws {
    if let number = values.number(field) {
      if columns.kinds[column] == .undecided { columns.makeNumbers(column) }
      put(number, column)
    } else if values.isMissing(field) {
      // An infinite one has an F.
      if field.contains(where: { $0 | 0x20 == 0x66 }) { infinite += 1 }
      scratch[column * Self.block + filled] = .nan
    } else if columns.kinds[column] == .undecided {
      columns.makeWords(column)
      samples[column] = []
    } else {
      throw ReadError(
        url, line: line, found: "\(quoted(field)) in the column \(quotedName(columns.names[column].name))",
        expected: "a number; where it stands for a missing one, 'table: {missing: [\(printable(field))]}' in the card")
    }
  }

  private func takeStage(_ field: Text, _ column: Int, _ line: Int) throws {
    guard let word = words.number(of: field) else {
      throw ReadError(
        url, line: line,
        found: "more than \(TableWords.most) different words in the column \(quotedName(columns.names[column].name))",
        expected: "stages, as 'table: {stage: …}' in the card says")
    }
    stages.append(word)
  }

  /// Whether a row has all columns. A recording that was broken off ends anywhere: its last line is left out.
  private func isWhole(_ record: TableRecords.Record, columnCount: Int) throws -> Bool {
    if columnCount == columns.kinds.count { return true }
    guard record.isUnended else { throw wrongWidth(record, columnCount) }
    if stages.count > rowCount { stages.removeLast() }
    warnings.append("\(url.lastPathComponent): its last line is cut and left out")
    return false
  }

  private func endRow(_ line: Int) throws {
    if let second = rowSecond {
      seconds.append(second)
      rowSecond = nil
    } else if let text = timeText, let second = try time?.seconds(text, date: dateText, line: line) {
      seconds.append(second)
    }
    rowCount += 1
    filled += 1
    if filled == Self.block { try flush() }
  }

  private func flush() throws {
    // A column whose words came late has no samples.
    let wanted = columns.kinds.count { $0 == .number || $0 == .undecided }
    guard (rowCount + Self.block) * (wanted * 4 + 8) < InputFile.memory / 10 * 9 else {
      throw ReadError(
        url, found: "\(rowCount) rows or more of \(wanted) columns, which the memory of this machine does not hold",
        expected: "fewer columns, as 'table: {keep: […]}' in the card names them")
    }
    for column in samples.indices {
      switch columns.kinds[column] {
      case .number, .undecided:
        samples[column].append(
          contentsOf: UnsafeBufferPointer(rebasing: scratch[column * Self.block..<column * Self.block + filled]))
      default: break
      }
    }
    filled = 0
  }

  private func wrongWidth(_ record: TableRecords.Record, _ count: Int) -> ReadError {
    let found = cut(record.bytes)?.count ?? count
    return ReadError(
      url, line: record.line, found: found == 1 ? "1 column" : "\(found) columns",
      expected: "\(columns.kinds.count) separated by \(separator.plural)")
  }

  private func tell() {
    let name = url.lastPathComponent
    if blankLines > 0 {
      warnings.append("\(name): \(blankLines) blank \(blankLines == 1 ? "line is" : "lines are") passed over")
    }
    if infinite > 0 { warnings.append("\(name): \(infinite) infinite samples are read as missing") }
    let words = columns.words
    if !words.isEmpty {
      warnings.append(
        "\(name): the \(words.count == 1 ? "column" : "columns") \(listed(words.map { quotedName($0) })) \(words.count == 1 ? "holds words and is no channel" : "hold words and are no channels")"
      )
    }
  }

  /// Puts all rows in order; those that are not in `order` are left out.
  func rearrange(_ order: [Int]) {
    for column in samples.indices where !samples[column].isEmpty {
      let old = samples[column]
      samples[column] = order.map { old[$0] }
    }
    if !seconds.isEmpty {
      let old = seconds
      seconds = order.map { old[$0] }
    }
    if !stages.isEmpty {
      let old = stages
      stages = order.map { old[$0] }
    }
    rowCount = order.count
  }

  func shift(by offset: Double) {
    for row in seconds.indices { seconds[row] += offset }
  }
}
