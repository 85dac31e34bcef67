import Foundation
import Signals
import TestSupport
import Testing

@Suite("Irregular samples")
struct IrregularSamplesTests {
  let fixture = Fixture("irregular")

  @Test("Times that step backwards are sorted, lines are NumPy's, and gaps and ends stay NaN")
  func interpolated() throws {
    let samples = try IrregularSamples(
      seconds: try fixture.doubles("times"), values: try fixture.floats("values").values)
    #expect(zip(samples.seconds, samples.seconds.dropFirst()).allSatisfy(<))
    let grid = try RegularGrid(startSeconds: -1, sampleRateHz: 10, count: 620)
    let actual = samples.interpolated(onto: grid, maximalGapSeconds: 2)
    let missing = try fixture.integers("missing")
    #expect(missing.contains(1))
    #expect(actual.map { $0.isNaN ? 1 : 0 } == missing)
    expectClose(actual.map { $0.isNaN ? 0 : $0 }, try fixture.floats("interpolated").values)
  }

  @Test("Samples of one time are averaged, and what is not finite is left out")
  func merged() throws {
    let samples = try IrregularSamples(
      seconds: [2, 1, 1, 3, .nan, 4, 1], values: [5, 1, 2, .nan, 7, .infinity, 6])
    #expect(samples.seconds == [1, 2])
    #expect(samples.values == [3, 5])
    let grid = try RegularGrid(startSeconds: 0.5, sampleRateHz: 2, count: 5)
    let line = samples.interpolated(onto: grid)
    #expect(line[0].isNaN && line[4].isNaN)
    #expect(Array(line[1...3]) == [3, 4, 5])
    // A gap of just the allowed length is bridged; an instant on a sample needs no bridge.
    #expect(samples.interpolated(onto: grid, maximalGapSeconds: 1)[2] == 4)
    let strict = samples.interpolated(onto: grid, maximalGapSeconds: 0.5)
    #expect(strict[1] == 3 && strict[2].isNaN && strict[3] == 5)
  }

  @Test("No samples give an empty signal, and bad grids are refused")
  func edges() throws {
    let none = try IrregularSamples(seconds: [], values: [])
    let grid = try RegularGrid(sampleRateHz: 1, count: 3)
    #expect(none.interpolated(onto: grid).allSatisfy { $0.isNaN })
    expectWords("found 1 times, expected 2") { try IrregularSamples(seconds: [1], values: [1, 2]) }
    expectWords("found a grid of 0.0 Hz from 0.0 s, expected a positive rate") {
      try RegularGrid(sampleRateHz: 0, count: 1)
    }
    expectWords("found a grid of -1 instants, expected 0 or more") { try RegularGrid(sampleRateHz: 1, count: -1) }
  }
}
