import Foundation
import Readers
import TestSupport
import Testing

/// What MNE and pyEDFlib read from the shared files.
struct EDFExpectation: Decodable {
  struct Channel: Decodable {
    let name: String
    let unit: String
    let rate: Double
    let count: Int
    let sum: Double
    let magnitude: Double
    let indices: [Int]
    let values: [Double]
  }
  struct Annotation: Decodable {
    let onset: Double
    let duration: Double
    let text: String
    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      onset = try list.decode(Double.self)
      duration = try list.decode(Double.self)
      text = try list.decode(String.self)
    }
  }
  let start: String?
  let channels: [Channel]
  let annotations: [Annotation]

  static let all: [String: EDFExpectation] = {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    guard let data = try? Data(contentsOf: Fixture("edf", testFile: tests.path).url("expected.json")) else {
      return [:]
    }
    return (try? JSONDecoder().decode([String: EDFExpectation].self, from: data)) ?? [:]
  }()
}

@Suite("EDF against MNE", .needsRecordings)
struct EDFReferenceTests {
  @Test("The table of expected files was read")
  func table() {
    #expect(EDFExpectation.all.count == 29)
  }

  @Test("Every channel has MNE's name, rate, unit and samples", arguments: EDFExpectation.all.keys.sorted())
  func samples(path: String) throws {
    let expected = try #require(EDFExpectation.all[path])
    let file = try EDFFile(#require(sharedDatasets).appendingPathComponent(path))
    #expect(file.channels.map(\.name) == expected.channels.map(\.name))
    #expect(file.channels.map(\.unit) == expected.channels.map(\.unit))
    for (index, (channel, wanted)) in zip(file.channels, expected.channels).enumerated() {
      expectClose([channel.sampleRateHz], [wanted.rate])
      let samples = try file.samples(ofChannel: index)
      #expect(samples.count == wanted.count)
      expectClose(wanted.indices.map { samples[$0] }, wanted.values.map { Float($0) }, relative: 1e-7)
      let sum = samples.reduce(0.0) { $0 + Double($1) }
      #expect(abs(sum - wanted.sum) <= 1e-7 * max(1, wanted.magnitude), "\(channel.name)")
    }
  }

  @Test("Annotations have MNE's onsets, durations and texts", arguments: EDFExpectation.all.keys.sorted())
  func annotations(path: String) throws {
    let expected = try #require(EDFExpectation.all[path])
    let file = try EDFFile(#require(sharedDatasets).appendingPathComponent(path))
    let found = try file.annotations()
    #expect(found.warnings == [])
    let sorted = found.entries.sorted {
      ($0.onsetSeconds, $0.durationSeconds ?? 0, $0.text) < ($1.onsetSeconds, $1.durationSeconds ?? 0, $1.text)
    }
    #expect(sorted.map(\.text) == expected.annotations.map(\.text))
    expectClose(sorted.map(\.onsetSeconds), expected.annotations.map(\.onset))
    expectClose(sorted.map { $0.durationSeconds ?? 0 }, expected.annotations.map(\.duration))
  }

  @Test("The start is MNE's", arguments: EDFExpectation.all.filter { $0.value.start != nil }.keys.sorted())
  func start(path: String) throws {
    let file = try EDFFile(#require(sharedDatasets).appendingPathComponent(path))
    let start = try #require(file.header.start)
    let parts = [start.year, start.month, start.day, start.hour, start.minute, start.second].map { $0 ?? -1 }
    let wanted = EDFExpectation.all[path]?.start?.split { "- :".contains($0) }.compactMap { Int($0) }
    #expect(parts == wanted)
  }

  @Test("Odd headers among the shared files are told")
  func warnings() throws {
    var told: [String: [String]] = [:]
    for path in EDFExpectation.all.keys {
      let file = try EDFFile(#require(sharedDatasets).appendingPathComponent(path))
      if !file.warnings.isEmpty { told[file.url.lastPathComponent] = file.warnings }
    }
    #expect(told == [:])
  }
}
