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
  @exclusivity(unchecked) private(set) var stageWords: [String] = []
  @exclusivity(unchecked) private(set) var rowCount = 0
  @exclusivity(unchecked) private(set) var warnings: [String] = []

  let url: URL
  private let values: TableValues
  private let cut: TableFields
  private let separator: TableSeparator
  @exclusivity(unchecked) private var words: [[UInt8]: UInt16] = [:]
  @exclusivity(unchecked) private var blankLines = 0
  @exclusivity(unchecked) private var infinite = 0

  /// Rows that are kept together before they are put with the rest of their column.
  private static let block = 4096
  private let scratch: UnsafeMutableBufferPointer<Float>
  @exclusivity(unchecked) private var filled = 0
  @exclusivity(unchecked) private var text: [UInt8] = []

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

  private func read(_ record: TableRecords.Record) throws {
    guard let base = record.bytes.baseAddress else { return }
    let end = base + record.bytes.count
    let width = columns.kinds.count
    var place = base
    var timeText: UnsafeBufferPointer<UInt8>?
    var dateText: UnsafeBufferPointer<UInt8>?
    // A field in quotation marks is read from a copy, which must live as long as the row.
    var (timeCopy, dateCopy): ([UInt8], [UInt8]) = ([], [])
    let target = filled
    var column = 0
    while true {
      while place < end, cut.isBlank(place.pointee) { place += 1 }
      if cut.mark == nil, place == end { break }
      guard column < width else {
        // A separator at the line's end is no further column.
        if place == end { break }
        throw wrongWidth(record, column + 1)
      }
      let kind = columns.kinds[column]
      if kind == .number, place < end, place.pointee != 0x22 {
        let start = place
        if let number = DecimalNumber.parse(at: &place, before: end, point: values.point) {
          while place < end, cut.isBlank(place.pointee) { place += 1 }
          if place == end || cut.isEnd(place.pointee) || cut.mark == nil && place > start && cut.isBlank(place[-1]) {
            scratch[column * Self.block + target] = values.standsForMissing(number) ? .nan : Float(number)
            column += 1
            if cut.mark == nil { continue }
            if place == end { break }
            place += 1
            continue
          }
        }
        place = start
      }
      if place < end, place.pointee == 0x22 {
        let rest = UnsafeBufferPointer(start: place, count: end - place)
        guard let after = cut.unquote(rest, from: 0, into: &text) else {
          throw ReadError.afterQuotes(url, line: record.line)
        }
        place += after
        while place < end, cut.isBlank(place.pointee) { place += 1 }
        guard place == end || cut.mark == nil || cut.isEnd(place.pointee) else {
          throw ReadError.afterQuotes(url, line: record.line)
        }
        if kind == .time {
          timeCopy = text
        } else if kind == .date {
          dateCopy = text
        } else {
          try text.withUnsafeBufferPointer { try take($0, column, kind, target, record.line) }
        }
      } else {
        let start = place
        while place < end, !cut.isEnd(place.pointee) { place += 1 }
        var last = place
        while last > start, cut.isBlank(last[-1]) { last -= 1 }
        let field = UnsafeBufferPointer(start: start, count: last - start)
        switch kind {
        case .time: timeText = field
        case .date: dateText = field
        default: try take(field, column, kind, target, record.line)
        }
      }
      column += 1
      if place == end, cut.mark != nil { break }
      if cut.mark != nil { place += 1 }
    }
    guard column == width else {
      // A recording that was broken off ends anywhere.
      guard record.isUnended, column < width else { throw wrongWidth(record, column) }
      warnings.append("\(url.lastPathComponent): its last line is cut and left out")
      return
    }
    if time != nil {
      let second =
        try timeText.map { try time?.seconds($0, date: dateText, line: record.line) ?? .nan }
        ?? timeCopy.withUnsafeBufferPointer { text in
          try dateCopy.withUnsafeBufferPointer { date in
            try time?.seconds(text, date: columns.date == nil ? nil : dateText ?? date, line: record.line) ?? .nan
          }
        }
      seconds.append(second)
    }
    rowCount += 1
    filled += 1
    if filled == Self.block { try flush() }
  }

  private func take(
    _ field: UnsafeBufferPointer<UInt8>, _ column: Int, _ kind: TableColumns.Kind, _ row: Int, _ line: Int
  ) throws {
    switch kind {
    case .number, .undecided:
      var number: Double?
      if var place = field.baseAddress, !field.isEmpty {
        let end = place + field.count
        number = DecimalNumber.parse(at: &place, before: end, point: values.point)
        if place != end { number = nil }
      }
      if let number {
        if kind == .undecided { columns.makeNumbers(column) }
        scratch[column * Self.block + row] = values.standsForMissing(number) ? .nan : Float(number)
      } else if values.isMissing(field) {
        if field.contains(where: { $0 | 0x20 == 0x66 }) { infinite += 1 }
        scratch[column * Self.block + row] = .nan
      } else if kind == .undecided {
        columns.makeWords(column)
        samples[column] = []
      } else {
        throw ReadError(
          url, line: line, found: "\(quoted(field)) in the column \(quotedName(columns.names[column].name))",
          expected: "a number; where it stands for a missing one, 'table: {missing: [\(printable(field))]}' in the card"
        )
      }
    case .stage:
      let bytes = Array(field)
      if let word = words[bytes] {
        stages.append(word)
      } else {
        guard words.count < 4096 else {
          throw ReadError(
            url, line: line,
            found: "more than 4096 different words in the column \(quotedName(columns.names[column].name))",
            expected: "stages, as 'table: {stage: …}' in the card says")
        }
        let word = UInt16(words.count)
        words[bytes] = word
        stageWords.append(TableText.text(bytes))
        stages.append(word)
      }
    case .time, .date, .skipped: break
    }
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
