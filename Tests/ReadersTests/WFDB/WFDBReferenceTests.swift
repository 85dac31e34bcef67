import Foundation
import Readers
import TestSupport
import Testing

/// What wfdb-python reads.
private struct WFDBExpectation: Decodable {
  struct Header: Decodable {
    struct Signal: Decodable {
      let file: String
      let format: Int
      let perFrame: Int
      let skew: Int
      let offset: Int
      let gain: Double
      let baseline: Int
      let unit: String
      let resolution: Int
      let zero: Int
      let initial: Int
      let checksum: Int
      let name: String
    }
    let name: String
    let rate: Double
    let frames: Int
    let comments: Int
    let signals: [Signal]
  }
  struct Annotations: Decodable {
    let count: Int
    let samples: [Int]
    let sums: [Int]
    let firstTexts: [String]
    let texts: Int
  }
  struct Channel: Decodable {
    let name: String
    let count: Int
    let sum: Double
    let magnitude: Double
    let missing: Int
    let indices: [Int]
    let values: [Double?]
  }
  let headers: [String: Header]
  let annotations: [String: Annotations]
  let records: [String: [Channel]]
}

private let fixture = Fixture(
  "wfdb", testFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().path)
private let written = fixture.folder.appendingPathComponent("written")
private let expectation = Result {
  try JSONDecoder().decode(WFDBExpectation.self, from: Data(contentsOf: fixture.url("expected.json")))
}

@Suite("WFDB against wfdb-python")
struct WFDBReferenceTests {
  private func checkRecord(_ name: String, in folder: URL) throws {
    let record = try WFDBRecord(folder.appendingPathComponent(name + ".hea"))
    let expected = try #require(try expectation.get().records[name])
    #expect(record.signals.map(\.name) == expected.map(\.name))
    for (index, wanted) in expected.enumerated() {
      let samples = try record.samples(ofSignal: index)
      #expect(samples.count == wanted.count)
      #expect(samples.count(where: \.isNaN) == wanted.missing)
      for (at, value) in zip(wanted.indices, wanted.values) {
        if let value { expectClose([samples[at]], [Float(value)], relative: 1e-6) } else { #expect(samples[at].isNaN) }
      }
      let sum = samples.reduce(0.0) { $0 + ($1.isNaN ? 0 : Double($1)) }
      #expect(abs(sum - wanted.sum) <= 1e-6 * max(1, wanted.magnitude), "\(name) \(wanted.name)")
    }
  }

  @Test(
    "Every format gives wfdb's samples, missing ones NaN",
    arguments: ["f16", "f212", "f80", "f24", "f32", "f61", "f160", "f310", "f311", "frames"])
  func formats(name: String) throws {
    try checkRecord(name, in: written)
  }

  @Test("A published ECG has wfdb's samples", .needsRecordings)
  func published() throws {
    try checkRecord("100", in: #require(sharedDatasets).appendingPathComponent("wfdb-conformance"))
  }

  @Test(
    "Odd published headers are read", .needsRecordings,
    arguments: ["03700181.hea", "100.hea", "310derive.hea", "n16.hea"])
  func headers(name: String) throws {
    let header = try WFDBHeader(#require(sharedDatasets).appendingPathComponent("wfdb-conformance/\(name)"))
    let expected = try #require(try expectation.get().headers[name])
    #expect(header.recordName == expected.name)
    #expect(header.frameRateHz == expected.rate)
    #expect(header.frameCount == expected.frames)
    #expect(header.comments.count == expected.comments)
    #expect(header.signals.count == expected.signals.count)
    for (signal, wanted) in zip(header.signals, expected.signals) {
      #expect(signal.fileName == wanted.file && signal.name == wanted.name && signal.unit == wanted.unit)
      #expect(signal.gain == wanted.gain)
      let numbers = [signal.format, signal.samplesPerFrame, signal.skew, signal.byteOffset, signal.baseline]
      let wantedNumbers: [Int] = [wanted.format, wanted.perFrame, wanted.skew, wanted.offset, wanted.baseline]
      #expect(numbers == wantedNumbers)
      #expect(signal.adcResolution == wanted.resolution && signal.adcZero == wanted.zero)
      #expect(signal.initialValue == wanted.initial && signal.checksum == wanted.checksum)
    }
  }

  private func checkAnnotations(_ name: String, in folder: URL) throws -> WFDBAnnotations {
    let file = try WFDBAnnotations(folder.appendingPathComponent(name))
    let expected = try #require(try expectation.get().annotations[name])
    #expect(file.entries.count == expected.count)
    #expect(file.entries.prefix(40).map(\.sample) == expected.samples)
    let columns: [KeyPath<WFDBAnnotation, Int>] = [\.sample, \.code, \.subtype, \.channel, \.number]
    let sums = columns.map { column in file.entries.reduce(0) { $0 + $1[keyPath: column] } }
    #expect(sums == expected.sums)
    #expect(Array(file.entries.map(\.text).filter { !$0.isEmpty }.prefix(10)) == expected.firstTexts)
    #expect(file.entries.map(\.text.count).reduce(0, +) == expected.texts)
    return file
  }

  @Test("Published annotations are wfdb's", .needsRecordings, arguments: ["100.atr", "1003.atr", "12726.anI"])
  func annotations(name: String) throws {
    let file = try checkAnnotations(name, in: #require(sharedDatasets).appendingPathComponent("wfdb-conformance"))
    #expect(file.ticksPerSecond == nil)
  }

  @Test("Skips, subtypes, channels, numbers, texts and the time resolution are read")
  func writtenAnnotations() throws {
    #expect(try checkAnnotations("notes.atr", in: written).ticksPerSecond == 250)
  }
}
