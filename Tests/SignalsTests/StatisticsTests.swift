import Foundation
import Signals
import TestSupport
import Testing

@Suite("Normalisation, masks and features")
struct StatisticsTests {
  let fixture = Fixture("statistics")

  @Test(
    "Normalised samples are NumPy's",
    arguments: [
      ("standard", NormalizationKind.standard, nil), ("quartiles", .interquartileRange, nil),
      ("median", .medianAbsoluteDeviation, Float(3)),
    ])
  func normalized(file: String, kind: NormalizationKind, clip: Float?) throws {
    let signal = try fixture.floats("signal").values
    let normalization = try Normalization(measuring: signal, kind)
    expectClose(normalization(signal, clip: clip), try fixture.floats(file).values, absolute: 2e-6)
    // What is missing is left out of the measure and stays missing.
    let gappy = signal.flatMap { [$0, .nan] }
    #expect(try Normalization(measuring: gappy, kind) == normalization)
    #expect(normalization(gappy, clip: clip)[1].isNaN)
  }

  @Test("Quartiles of many values are those of the sorted values", arguments: [32_767, 32_768, 40_001, 40_002, 40_003])
  func manyQuartiles(count: Int) throws {
    for scale: Float in [1e-30, 1, 3e7] {
      let signal = (0..<count).map { (i: Int) -> Float in
        // Both signs, both zeros, and many that are equal.
        let value = Float((i * i * 7919 + i * 104_729) % 65_536) / 32_768 - 1.25
        return i % 7 == 0 ? (i % 2 == 0 ? 0 : -0.0) : i % 5 == 0 ? 0.5 * scale : value * scale
      }
      let sorted = signal.sorted()
      func quantile(_ share: Double) -> Double {
        let position = share * Double(count - 1)
        let (low, high) = (Double(sorted[Int(position)]), Double(sorted[min(count - 1, Int(position) + 1)]))
        return low + (high - low) * (position - position.rounded(.down))
      }
      let normalization = try Normalization(measuring: signal, .interquartileRange)
      #expect(normalization.center == quantile(0.5))
      #expect(normalization.spread == quantile(0.75) - quantile(0.25))
    }
  }

  @Test("Between two far values a quantile of many lies half-way")
  func quantileBetween() throws {
    let signal = (0..<32_768).map { Float($0 % 2) }
    let normalization = try Normalization(measuring: signal, .interquartileRange)
    #expect(normalization == Normalization(center: 0.5, spread: 1))
  }

  @Test(
    "A channel without spread or without values is told, not divided by zero",
    arguments: [
      NormalizationKind.standard, .interquartileRange, .medianAbsoluteDeviation,
    ])
  func refused(kind: NormalizationKind) {
    expectWords("found no finite value in 2 samples, expected a signal: leave the channel out") {
      try Normalization(measuring: [.nan, .infinity], kind)
    }
    expectWords("found 3 samples without spread, expected a signal that varies: the sensor was off or clipped") {
      try Normalization(measuring: [0.1, .nan, 0.1], kind)
    }
  }

  @Test("A robust spread of zero is told too")
  func mostlyFlat() {
    #expect(throws: SignalError.noVariance(samples: 6)) {
      try Normalization(measuring: [0, 0, 0, 0, 0, 1], .interquartileRange)
    }
  }

  @Test("Features are NumPy's and SciPy's")
  func features() throws {
    let signal = Array(try fixture.floats("signal").values.prefix(1000))
    let features = try WindowFeatures(sampleRateHz: 25, bandsHz: [0.5..<4, 4..<8])
    let expected = try fixture.floats("features")
    expectClose(
      try features(signal, samples: 125), expected.values, shape: [8, features.names.count],
      expectedShape: expected.shape)
    #expect(
      features.names == [
        "mean", "deviation", "minimum", "quartile_1", "median", "quartile_3", "maximum", "zero_crossings",
        "power_0.5_4.0", "power_4.0_8.0",
      ])
  }

  @Test("A window with a gap has no features; its neighbours have theirs")
  func gap() throws {
    var signal = Array(try fixture.floats("signal").values.prefix(250))
    let features = try WindowFeatures(sampleRateHz: 25, bandsHz: [0.5..<4])
    let whole = try features(signal, samples: 125)
    signal[3] = .nan
    let gappy = try features(signal, samples: 125)
    #expect(gappy[..<9].allSatisfy { $0.isNaN })
    #expect(gappy[9...] == whole[9...])
    #expect(try features([], samples: 125).isEmpty)
    #expect(try features([4], samples: 1) == [4, 0, 4, 4, 4, 4, 4, 0, 0])
  }
}
