import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Tables that are refused")
struct TableRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let rules: TableRules
    let words: String
    var testDescription: String { words }

    init(_ text: String, _ rules: TableRules, _ words: String) {
      self.text = text
      self.rules = rules
      self.words = words
    }

    init(_ text: String, _ words: String) { self.init(text, TableRules(), words) }
  }

  static let cases = [
    Case("", "found an empty file, expected a table of samples"),
    Case("\n \n# x\n", "found no rows, expected a table of samples"),
    Case("a,b\n", "found no rows below the header, expected a table of samples"),
    Case(
      "a,b\n1,2\n3,4\n",
      "found no times and no rate: the columns 'a', 'b', expected 'table: {time: …}' in the card, the name or number of the column of times, or 'table: {sample_rate_hz: …}'"
    ),
    Case(
      "seconds,acc_x\n1,2\n3,4\n", TableRules(time: "secnods"),
      ":1: found the columns 'seconds', 'acc_x', expected a column 'secnods', as table.time in the card says; the nearest is 'seconds'"
    ),
    Case(
      "seconds,acc_x\n1,2\n3,4\n", TableRules(keep: ["7"], time: "1"),
      ":1: found the columns 'seconds', 'acc_x', expected a column '7', as table.keep in the card says"),
    Case(
      "t,x\n1,2\n2,ERR\n3,4\n", TableRules(time: "t", timeUnit: .s),
      ":3: found 'ERR' in the column 'x', expected a number; where it stands for a missing one, 'table: {missing: [ERR]}' in the card"
    ),
    Case(
      "t,x\n1,2\n2,3x\n3,4\n", TableRules(time: "t", timeUnit: .s),
      ":3: found '3x' in the column 'x', expected a number; where it stands for a missing one, 'table: {missing: [3x]}' in the card"
    ),
    Case(
      "t,x\n01/02/2020 22:00,2\n01/02/2020 22:01,3\n", TableRules(time: "t"),
      ":2: found the date '01/02/2020 22:00', of which nobody says what is day and what month, expected 'table: {date_order: dmy}' or 'table: {date_order: mdy}' in the card"
    ),
    Case(
      "t,x\n01/31/2020 22:00,2\n31/01/2020 22:01,3\n", TableRules(time: "t"),
      ":2: found the date '01/31/2020 22:00', of which nobody says what is day and what month, expected 'table: {date_order: dmy}' or 'table: {date_order: mdy}' in the card"
    ),
    Case(
      "t,x\n22:00:00,2\n22:00:61,3\n", TableRules(time: "t"),
      ":3: found the time '22:00:61', expected a date and time such as '2020-01-31 22:30:00', or a time of day"),
    Case(
      "t,x\n1,2\n2x,3\n3,3\n", TableRules(time: "t", timeUnit: .s),
      ":3: found the time '2x', expected a number, as 'table: {time_unit: s}' in the card says"),
    Case(
      "t,x\n1,2\n2,3,4\n3,3\n", TableRules(separator: .comma, time: "t", timeUnit: .s),
      ":3: found 3 columns, expected 2 separated by commas, as the header names them"),
    Case(
      "t,x\n1,2\n2\n3,3\n", TableRules(separator: .comma, time: "t", timeUnit: .s),
      ":3: found 1 column, expected 2 separated by commas"),
    Case(
      "a title of some words\nt,x\n1,2\n2,3\n3,4\n",
      "found first lines that no separator cuts into the same number of fields, expected 'table: {separator: …}' in the card, one of comma, semicolon, tab and blanks, and 'skip_lines' where other lines stand before the header"
    ),
    Case(
      "1,2\n2,3\n", TableRules(columns: [TableColumn("x")], sampleRateHz: 1),
      ":1: found 2 columns, expected 1, as table.columns in the card names them"),
    Case(
      "t,x\n1,\"2\n2,3\n", TableRules(time: "t"),
      ":2: found a field in quotation marks that does not end, expected a second '\"' after it"),
    Case(
      "t,x\n1,\"2\"3\n2,3\n", TableRules(separator: .comma, time: "t"),
      ":2: found a character after a field in quotation marks, expected a separator or the line's end: quotation marks in a field are written twice"
    ),
    Case(
      "t,x\n1,a\n2,b\n", TableRules(time: "t"),
      "found no column of numbers beside the times, expected one a channel; the columns 't', 'x'"),
    Case(
      "t,x\r1,2\r2,3\r", TableRules(time: "t"),
      ":1: found lines that end with a carriage return alone, expected ends of LF or CRLF"),
    Case(
      "t,x\n1,2\n1,3\n1,4\n2,5\n", TableRules(time: "t", timeUnit: .s),
      "found 2 of 4 rows with the time of the row before, expected a time a row; where times are rounded, the rate as 'table: {sample_rate_hz: …}' in the card"
    ),
    Case(
      "t,x\n1e16,2\n2,3\n3,4\n", TableRules(time: "t", timeUnit: .s),
      ":2: found the time '1e16', expected one of a recording"),
  ]

  @Test("A table is refused in these words", arguments: cases)
  func refused(_ refusal: Case) throws {
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent("t.csv")
      try write(Data(refusal.text.utf8), to: url)
      let prefix = refusal.words.hasPrefix(":") ? url.path : url.path + ": "
      #expect(prefix + refusal.words == message { _ = try TableFile(url, rules: refusal.rules) })
    }
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return words(of: error)
    }
  }

  @Test("A line without an end is refused before it fills the memory")
  func endless() throws {
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent("t.csv")
      try write(Data(repeating: 0x31, count: 3 << 20), to: url)
      #expect(
        message { _ = try TableFile(url) }
          == url.path + ":1: found a line of 1048576 bytes or more, expected a table of samples, whose lines end")
    }
  }
}
