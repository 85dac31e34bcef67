import Foundation
import NumPy
import Signals
import TestSupport
import Testing

@Suite("Filters")
struct FilterTests {
  static let fixture = Fixture("filters")

  static let designs: [(order: Int, band: PassBand, rate: Double)] = [
    (1, .low(10), 100), (2, .low(0.5), 64), (3, .low(20), 100), (5, .low(4), 128), (8, .low(30), 256),
    (1, .high(0.3), 100), (4, .high(0.5), 256), (5, .high(10), 50), (1, .band(0.1, 0.7), 10),
    (2, .band(0.3, 35), 100), (3, .band(5, 15), 256), (4, .band(0.5, 40), 100), (5, .band(2, 45), 100),
  ]

  func filter(_ index: Int) throws -> SecondOrderSections {
    let design = Self.designs[index]
    return try .butterworth(order: design.order, passBandHz: design.band, sampleRateHz: design.rate)
  }

  func signals() throws -> [[Float]] {
    let (shape, values) = try Self.fixture.floats("signals")
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }

  @Test("Butterworth's sections are SciPy's", arguments: designs.indices)
  func sections(index: Int) throws {
    var actual: [Double] = []
    for section in try filter(index).sections {
      actual += [section.b0, section.b1, section.b2, 1, section.a1, section.a2]
    }
    expectClose(actual, try Self.fixture.doubles("sos_\(index)"), relative: 1e-9, absolute: 1e-11)
  }

  @Test("Filtering both ways is SciPy's, for one channel and for five", arguments: [2, 4, 6, 9, 12])
  func bothWays(index: Int) throws {
    let (signals, filter) = (try signals(), try filter(index))
    let expected = try Self.fixture.floats("filtered_\(index)").values
    expectClose(try filter.filteredBothWays(signals).flatMap { $0 }, expected, absolute: 5e-6)
    expectClose(try filter.filteredBothWays([signals[3]])[0], Array(expected[2400..<3200]), absolute: 5e-6)
  }

  @Test("A channel's result does not depend on the channels beside it")
  func alone() throws {
    let (signals, filter) = (try signals(), try filter(9))
    let together = try filter.filteredBothWays(signals)
    for (index, signal) in signals.enumerated() {
      #expect(try filter.filteredBothWays([signal])[0] == together[index])
    }
  }

  @Test("A channel that is long enough to be cut is filtered as by SciPy", arguments: [2, 4, 6, 9, 12])
  func long(index: Int) throws {
    let channel = (0..<120_000).map { (i: Int) -> Float in Float((i * i * 7919 + i * 104_729) % 65_536) / 32_768 - 1 }
    let filtered = try filter(index).filteredBothWays([channel])[0]
    // All around the cuts and at the ends, and some of what lies between.
    let places = (0..<120_000).filter { (i: Int) -> Bool in i % 997 == 0 || !(60..<29_940).contains(i % 30_000) }
    let expected = try Self.fixture.floats("long_\(index)").values
    expectClose(places.map { filtered[$0] }, expected, absolute: 5e-6)
  }

  @Test("A channel so long that two threads share it is what its stretches are by themselves", arguments: [2, 6, 9])
  func shared(index: Int) throws {
    let channel = (0..<600_000).map { (i: Int) -> Float in Float((i * i * 7919 + i * 104_729) % 65_536) / 32_768 - 1 }
    let filter = try filter(index)
    let filtered = try filter.filteredBothWays([channel])[0]
    // Each stretch with enough around it for its own ends to die away.
    for (kept, around) in [
      (0..<150_000, 0..<200_000), (250_000..<350_000, 200_000..<400_000),
      (450_000..<600_000, 400_000..<600_000),
    ] {
      let alone = try filter.filteredBothWays([Array(channel[around])])[0]
      let first = kept.lowerBound - around.lowerBound
      expectClose(Array(filtered[kept]), Array(alone[first..<first + kept.count]), absolute: 2e-6)
    }
  }

  @Test("A gap stays a gap, what lies around it is filtered by itself, and a short run is not made up")
  func gaps() throws {
    var signals = try signals()
    let filter = try filter(9)
    signals[1][400] = .nan
    signals[1][790] = .infinity
    let result = try filter.filteredBothWays(signals)
    let whole = try filter.filteredBothWays(try self.signals())
    #expect(result[0] == whole[0])
    #expect(Array(result[1][..<400]) == (try filter.filteredBothWays([Array(signals[1][..<400])])[0]))
    #expect(Array(result[1][401..<790]) == (try filter.filteredBothWays([Array(signals[1][401..<790])])[0]))
    #expect(result[1][400].isNaN)
    #expect(result[1][790...].allSatisfy { $0.isNaN })
  }

  @Test("Bad settings and short signals are refused")
  func refused() throws {
    expectWords("found a filter order of 0, expected 1 to 20") {
      try SecondOrderSections.butterworth(order: 0, passBandHz: .low(1), sampleRateHz: 10)
    }
    expectWords("found a cut-off of 5.0 Hz, expected above 0 and below half of the sample rate, 5.0 Hz") {
      try SecondOrderSections.butterworth(order: 2, passBandHz: .band(1, 5), sampleRateHz: 10)
    }
    expectWords("found a cut-off of nan Hz, expected above 0 and below half of the sample rate, 5.0 Hz") {
      try SecondOrderSections.butterworth(order: 2, passBandHz: .high(.nan), sampleRateHz: 10)
    }
    expectWords("found a band of 3.0 to 2.0 Hz, expected its lower end first") {
      try SecondOrderSections.butterworth(order: 2, passBandHz: .band(3, 2), sampleRateHz: 10)
    }
    let filter = try filter(9)
    expectWords(
      "found 15 samples, expected at least 16 for filtering both ways with 2 sections: shorten it or leave the signal out"
    ) { try filter.filteredBothWays([[Float](repeating: 1, count: 15)]) }
    expectWords("found 19 samples in a channel, expected 20") {
      try filter.filteredBothWays([[Float](repeating: 1, count: 20), [Float](repeating: 1, count: 19)])
    }
    #expect(try filter.filteredBothWays([]).isEmpty)
  }
}
