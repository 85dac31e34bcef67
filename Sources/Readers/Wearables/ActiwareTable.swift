import Foundation
import SleepCore

/// The table of epochs in an export of Actiware.
struct ActiwareTable {
  enum Column: Hashable {
    case date, time, offWrist, activity, marker, white, red, green, blue
  }

  struct Row {
    let line: Int
    let fields: [String]
  }

  private let url: URL
  let rows: [Row]
  let columns: [Column: Int]

  /// What is a signal, in this order, by its English name.
  static let signals: [(Column, label: String, unit: String)] = [
    (.activity, "Activity", "count"), (.white, "White Light", "lux"), (.red, "Red Light", ""),
    (.green, "Green Light", ""),
    (.blue, "Blue Light", ""), (.marker, "Marker", ""),
  ]

  /// The columns' names in English, French, German and Dutch, letters and digits alone.
  private static let names: [Column: [String]] = [
    .date: ["date", "datum"], .time: ["time", "heure", "zeit", "tijd"],
    .offWrist: ["offwriststatus", "statusnichtamhandgelenk", "statusnietompols", "statutpoignetnonporte"],
    .activity: ["activity", "activité", "aktivität", "activiteit"],
    .marker: ["marker", "marqueur", "markierung", "markering"],
    .white: ["whitelight", "lumièreblanche", "weißeslicht", "witlicht"],
    .red: ["redlight", "lumièrerouge", "roteslicht", "roodlicht"],
    .green: ["greenlight", "lumièreverte", "grüneslicht", "groenlicht"],
    .blue: ["bluelight", "lumièrebleu", "lumièrebleue", "blaueslicht", "blauwlicht"],
  ]
  private static let kind = "what Actiware exports, with its table of epochs"
  /// What stands for a missing number.
  private static let missing: Set<String> = ["", "nan", "kz"]
  private static let mostHeaderLines = 100_000

  /// - Throws: ``ReadError`` where there is no table of epochs with a date, a time and activity.
  init(_ url: URL) throws {
    self.url = url
    let file = try RawFile(url, expected: Self.kind)
    try Self.expectText(file)
    var lines = RawLines(file)
    var header: [String]?
    var separator: Character = ","
    var rows: [Row] = []
    var columns: [Column: Int] = [:]
    while let line = try lines.next() {
      let text = Self.text(line.bytes)
      if rows.isEmpty {
        // The header is the last row before the one that is numbered 1.
        guard lines.number <= Self.mostHeaderLines else { break }
        if let header, DelimitedRows.fields(text, separator).first == "1" {
          columns = Self.columns(header)
          if columns[.date] != nil, columns[.time] != nil, columns[.activity] != nil {
            rows.append(try Self.row(text, separator, columns, lines.number, url))
            continue
          }
        }
        let used: Character = text.contains(";") && !text.contains(",") ? ";" : ","
        let fields = DelimitedRows.fields(text, used)
        if !fields.allSatisfy(\.isEmpty) { (header, separator) = (fields, used) }
      } else {
        if DelimitedRows.fields(text, separator).allSatisfy(\.isEmpty) { continue }
        rows.append(try Self.row(text, separator, columns, lines.number, url))
      }
    }
    guard rows.count > 1 else {
      throw ReadError(url, found: "no rows of epochs with a date, a time and activity", expected: Self.kind)
    }
    (self.rows, self.columns) = (rows, columns)
  }

  /// Actiware's own files are binary, and nobody but Actiware reads them.
  ///
  /// - Throws: ``ReadError`` for such a file.
  private static func expectText(_ file: RawFile) throws(ReadError) {
    guard try file.bytes(0..<min(file.size, 4096)).contains(0) else { return }
    throw ReadError(
      file.url, found: "a binary file",
      expected: "\(kind): open it in Actiware and export its data with the epochs as .csv, in UTF-8 or Latin-1")
  }

  /// UTF-8, or Latin-1 where it is none.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let text =
      String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    return text.trimmingCharacters(in: CharacterSet(charactersIn: "\r\u{feff} "))
  }

  /// - Throws: ``ReadError`` where a row lacks a field that is read.
  private static func row(
    _ text: String, _ separator: Character, _ columns: [Column: Int], _ line: Int, _ url: URL
  ) throws(ReadError) -> Row {
    let fields = DelimitedRows.fields(text, separator)
    let last = columns.values.max() ?? 0
    guard fields.count > last else {
      throw ReadError(
        url, line: line, found: fields.count == 1 ? "1 field" : "\(fields.count) fields",
        expected: "\(last + 1) or more, as in the table's header")
    }
    return Row(line: line, fields: fields)
  }

  private static func columns(_ header: [String]) -> [Column: Int] {
    var columns: [Column: Int] = [:]
    for (index, title) in header.enumerated() {
      let name = title.lowercased().filter { $0.isLetter || $0.isNumber }
      if let column = names.first(where: { $0.value.contains(name) })?.key, columns[column] == nil {
        columns[column] = index
      }
    }
    return columns
  }

  /// One column, a number a row; missing ones are NaN.
  ///
  /// - Throws: ``ReadError`` where a field is no number and stands for none.
  func numbers(_ column: Int) throws(ReadError) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(rows.count)
    for row in rows {
      let field = row.fields[column]
      if let number = DecimalNumber.parse(Substring(field.replacingOccurrences(of: ",", with: "."))) {
        numbers.append(number)
      } else if Self.missing.contains(field.lowercased()) {
        numbers.append(.nan)
      } else {
        throw ReadError(
          url, line: row.line, found: "'\(printable(field.utf8))'", expected: "a number, or NaN where it is missing")
      }
    }
    return numbers
  }

  /// When each epoch begins, since 1970, and a doubt about the order of day and month.
  ///
  /// - Throws: ``ReadError`` where a row has no date and time.
  func times() throws -> (days: [Double], warning: String?) {
    guard let date = columns[.date], let time = columns[.time] else { return ([], nil) }
    let dayFirst = seconds(date, time, dayFirst: true)
    let monthFirst = seconds(date, time, dayFirst: false)
    switch (dayFirst, monthFirst) {
    case (.failure(let error), .failure): throw error
    case (.success(let seconds), .failure): return (seconds, nil)
    case (.failure, .success(let seconds)): return (seconds, nil)
    case (.success(let one), .success(let other)):
      if one == other { return (one, nil) }
      let (spanOne, spanOther) = (Self.span(one), Self.span(other))
      if spanOne != spanOther { return (spanOne < spanOther ? one : other, nil) }
      return (
        other, "'\(rows[0].fields[date])' may be a day of two months: the first number is taken for the month"
      )
    }
  }

  /// The sum of all steps in time; the wrong order of day and month makes steps of a month.
  private static func span(_ seconds: [Double]) -> Double {
    zip(seconds, seconds.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
  }

  private func seconds(_ date: Int, _ time: Int, dayFirst: Bool) -> Result<[Double], ReadError> {
    var result: [Double] = []
    result.reserveCapacity(rows.count)
    var (lastDate, lastDay) = ("", 0.0)
    for row in rows {
      if row.fields[date] != lastDate || result.isEmpty {
        let parts = row.fields[date].split(whereSeparator: { "/.-".contains($0) }).compactMap { Int($0) }
        guard parts.count == 3 else { return .failure(problem(row, date, time)) }
        let isYearFirst = parts[0] > 31
        let day = isYearFirst ? parts[2] : dayFirst ? parts[0] : parts[1]
        let month = isYearFirst ? parts[1] : dayFirst ? parts[1] : parts[0]
        guard let local = LocalTime(year: isYearFirst ? parts[0] : parts[2], month: month, day: day),
          let number = local.day
        else { return .failure(problem(row, date, time)) }
        (lastDate, lastDay) = (row.fields[date], Double(number) * 86_400)
      }
      let words = row.fields[time].split(separator: " ")
      guard let first = words.first, let clock = LocalTime(String(first)), clock.day == nil, words.count <= 2 else {
        return .failure(problem(row, date, time))
      }
      var second = clock.secondOfDay
      if words.count == 2 {
        guard ["AM", "PM"].contains(words[1].uppercased()), second < 13 * 3600 else {
          return .failure(problem(row, date, time))
        }
        if second >= 12 * 3600 { second -= 12 * 3600 }
        if words[1].uppercased() == "PM" { second += 12 * 3600 }
      }
      result.append(lastDay + second)
    }
    return .success(result)
  }

  private func problem(_ row: Row, _ date: Int, _ time: Int) -> ReadError {
    ReadError(
      url, line: row.line, found: "'\(printable(row.fields[date].utf8))' and '\(printable(row.fields[time].utf8))'",
      expected: "a date and a time")
  }
}
