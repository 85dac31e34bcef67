import Foundation
import Signals
import TestSupport
import Testing

@Suite("Resampling")
struct ResamplingTests {
  let fixture = Fixture("resampling")

  @Test(
    "Polyphase resampling is SciPy's",
    arguments: [(1, 2), (3, 1), (2, 25), (5, 128), (5, 64), (25, 128), (64, 50), (7, 5), (147, 160)])
  func resampled(up: Int, down: Int) throws {
    let signal = try fixture.floats("signal").values
    let expected = try fixture.floats("resampled_\(up)_\(down)").values
    let resampler = try PolyphaseResampler(up: up, down: down)
    #expect(resampler.count(ofSamples: signal.count) == expected.count)
    expectClose(resampler(signal), expected, absolute: 5e-6)
  }

  @Test("A signal shorter than the filter, one sample and none are resampled too")
  func short() throws {
    let resampler = try PolyphaseResampler(up: 4, down: 10)
    let signal = try fixture.floats("signal").values
    expectClose(resampler(Array(signal.prefix(3))), try fixture.floats("short").values)
    #expect(resampler([1]).count == 1)
    #expect(resampler([]).isEmpty)
    #expect(try PolyphaseResampler(up: 3, down: 3)([1, 2]) == [1, 2])
  }

  static let ratios: [(from: Double, to: Double, up: Int, down: Int)] = [
    (125, 10, 2, 25), (256, 10, 5, 128), (128, 10, 5, 64), (512, 100, 25, 128), (100, 100, 1, 1),
    (31.25, 10, 8, 25), (1.0 / 30, 1.0 / 60, 1, 2), (50, 1000.0 / 30, 2, 3), (1, 65536, 65536, 1),
  ]

  @Test("The ratio of two rates is found", arguments: ratios)
  func ratio(from: Double, to: Double, up: Int, down: Int) throws {
    let resampler = try PolyphaseResampler(fromHz: from, toHz: to)
    #expect(resampler.up == up)
    #expect(resampler.down == down)
  }

  @Test("A missing sample spoils no more than the filter's reach")
  func missing() throws {
    var signal = try fixture.floats("signal").values
    signal[500] = .nan
    let result = try PolyphaseResampler(up: 1, down: 2)(signal)
    let spoiled = result.indices.filter { result[$0].isNaN }
    #expect(spoiled.contains(250))
    #expect(spoiled.allSatisfy { (238...260).contains($0) })
  }

  @Test("Rates without a ratio are refused")
  func refused() {
    expectWords("found a rate ratio of 0/1, expected positive numbers") { try PolyphaseResampler(up: 0, down: 1) }
    expectWords("found a rate ratio of 1/65537, expected numbers up to 65536: round one of the rates") {
      try PolyphaseResampler(up: 1, down: 65537)
    }
    expectWords("found sample rates of 0.0 and 10.0 Hz, expected positive numbers") {
      try PolyphaseResampler(fromHz: 0, toHz: 10)
    }
    expectWords(
      "found sample rates of 3.141592653589793 and 1.0 Hz, expected a ratio of whole numbers up to 65536: "
        + "round one of the rates"
    ) { try PolyphaseResampler(fromHz: .pi, toHz: 1) }
    expectWords(
      "found sample rates of 1e+300 and 1e-300 Hz, expected a ratio of whole numbers up to 65536: "
        + "round one of the rates"
    ) { try PolyphaseResampler(fromHz: 1e300, toHz: 1e-300) }
  }
}
