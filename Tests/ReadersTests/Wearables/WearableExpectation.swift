import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// What reference libraries read in the files of `Fixtures/wearables/written`.
struct WearableExpectation: Decodable {
  struct Stretch: Decodable {
    /// One a sample, where the channel has times of its own, with all values.
    let times: [Double]?
    let values: [Double?]?
    let start: Double?
    let rate: Double?
    let count: Int?
    let missing: Int?
    let sum: Double?
    let magnitude: Double?
    let indices: [Int]?
    let picked: [Double?]?
  }
  struct Channel: Decodable {
    let name: String
    let unit: String
    let stretches: [Stretch]
  }
  let format: SignalFormat
  /// Since 1970, by the device's clock.
  let startSeconds: Double
  let channels: [Channel]

  static let fixture = Fixture(
    "wearables", testFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().path)
  static let all = Result {
    try JSONDecoder().decode([String: WearableExpectation].self, from: Data(contentsOf: fixture.url("expected.json")))
  }

  static func url(_ name: String) -> URL { fixture.folder.appendingPathComponent("written/\(name)") }

  /// Reads the file and compares all that is expected of it.
  @discardableResult
  static func check(_ name: String) throws -> SignalFileContents {
    let wanted = try #require(try all.get()[name])
    let found = try wanted.format.contents(of: url(name))
    // A table may be anything by its name: a card says what Actiware wrote.
    #expect(SignalFormat.named(by: url(name)) == (wanted.format == .actiware ? .table : wanted.format))
    let start = try #require(found.start)
    let day = try #require(start.day)
    #expect(abs(Double(day) * 86_400 + start.secondOfDay - wanted.startSeconds) < 1e-5)
    #expect(found.channels.map(\.channel.name) == wanted.channels.map(\.name))
    #expect(found.channels.map(\.channel.unit) == wanted.channels.map(\.unit))
    for (channel, expected) in zip(found.channels, wanted.channels) {
      #expect(channel.stretches.count == expected.stretches.count)
      for (stretch, part) in zip(channel.stretches, expected.stretches) {
        try compare(stretch, part, "\(name) \(expected.name)")
      }
    }
    return found
  }

  private static func compare(
    _ stretch: (timing: Timing, samples: [Float]), _ expected: Stretch, _ place: Comment
  ) throws {
    func same(_ found: Float, _ wanted: Double?) -> Bool {
      wanted.map { abs(Double(found) - $0) <= 2e-5 * max(1, abs($0)) } ?? found.isNaN
    }
    if let times = expected.times, let values = expected.values {
      expectClose(stretch.timing.seconds(count: stretch.samples.count), times, absolute: 1e-5)
      #expect(stretch.samples.count == values.count, place)
      for (found, wanted) in zip(stretch.samples, values) { #expect(same(found, wanted), place) }
      return
    }
    guard case .regular(let start, let rate) = stretch.timing else {
      Issue.record(place)
      return
    }
    #expect(abs(start - (try #require(expected.start))) < 1e-5, place)
    #expect(abs(rate - (try #require(expected.rate))) < 1e-9, place)
    try #require(stretch.samples.count == expected.count, place)
    let finite = stretch.samples.filter(\.isFinite).map(Double.init)
    #expect(stretch.samples.count - finite.count == expected.missing, place)
    let magnitude = try #require(expected.magnitude)
    #expect(abs(finite.reduce(0, +) - (try #require(expected.sum))) <= 1e-5 * max(1, magnitude), place)
    #expect(abs(finite.reduce(0) { $0 + abs($1) } - magnitude) <= 1e-5 * max(1, magnitude), place)
    for (index, wanted) in zip(try #require(expected.indices), try #require(expected.picked)) {
      #expect(same(stretch.samples[index], wanted), place)
    }
  }
}
