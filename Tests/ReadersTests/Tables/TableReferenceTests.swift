import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// What pandas reads of a table, and what a card says of it.
struct TableCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Column: Decodable, Sendable {
    let name: String
    let unit: String
    let values: [Float?]
  }

  let file: String
  let rules: TableRules
  let start: String?
  let seconds: [Double]
  let channels: [Column]
  var testDescription: String { file }

  static let fixture = Fixture("tables", testFile: #filePath.replacingOccurrences(of: "/Tables/", with: "/"))

  static let all: [TableCase] = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let data = try? Data(contentsOf: fixture.url("cases.json")) else { return [] }
    return (try? decoder.decode([TableCase].self, from: data)) ?? []
  }()
}

extension TableFile {
  /// The samples of a channel in all its stretches, and when they were taken.
  func series(_ index: Int) -> (seconds: [Double], samples: [Float]) {
    let parts = stretches(ofChannel: index)
    return (parts.flatMap { $0.timing.seconds(count: $0.samples.count) }, parts.flatMap(\.samples))
  }
}

/// Writes a table and reads it.
func table(_ text: String, _ rules: TableRules = TableRules(), name: String = "t.csv") throws -> TableFile {
  try withTemporaryFolder { folder in
    try write([name: text], to: folder)
    return try TableFile(folder.appendingPathComponent(name), rules: rules)
  }
}

@Suite("Tables beside pandas")
struct TableReferenceTests {
  @Test("All cases are there")
  func cases() { #expect(TableCase.all.count == 18) }

  @Test("Values, times, names and units of a dialect are those of pandas", arguments: TableCase.all)
  func dialect(_ reference: TableCase) throws {
    let file = try TableFile(TableCase.fixture.url(reference.file), rules: reference.rules)
    #expect(file.channels.map(\.name) == reference.channels.map(\.name))
    #expect(file.channels.map(\.unit) == reference.channels.map(\.unit))
    #expect(file.start?.text == reference.start)
    for (index, column) in reference.channels.enumerated() {
      let (seconds, samples) = file.series(index)
      try #require(samples.count == column.values.count)
      for (sample, expected) in zip(samples, column.values) {
        #expect(expected.map { $0 == sample } ?? sample.isNaN)
      }
      expectClose(seconds, reference.seconds, absolute: 1e-5)
    }
  }
}
