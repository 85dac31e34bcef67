import Foundation
import Signals
import TestSupport
import Testing

@Suite("Short-time spectra")
struct SpectrogramTests {
  let fixture = Fixture("spectra")

  struct Case: Sendable, CustomTestStringConvertible {
    let file: String
    let plan: @Sendable () throws -> SpectrogramPlan
    var signals = 3
    var testDescription: String { file }
  }

  static let cases = [
    Case(file: "stft_128") {
      try SpectrogramPlan(windowSamples: 128, hopSamples: 64, framing: .padded, quantity: .complex)
    },
    Case(file: "stft_90_30") {
      try SpectrogramPlan(
        windowSamples: 90, hopSamples: 30, fftLength: 101, window: .hamming, framing: .padded, quantity: .complex)
    },
    Case(
      file: "stft_33_7",
      plan: {
        try SpectrogramPlan(
          windowSamples: 33, hopSamples: 7, window: .blackman, framing: .padded, quantity: .complex)
      }, signals: 1),
    Case(file: "spectrogram") {
      try SpectrogramPlan(windowSamples: 100, hopSamples: 60, detrend: true, quantity: .density(sampleRateHz: 50))
    },
    Case(file: "magnitude") { try SpectrogramPlan(windowSamples: 64, hopSamples: 32, quantity: .magnitude) },
    Case(file: "decibels") {
      try SpectrogramPlan(windowSamples: 64, hopSamples: 32, quantity: .decibels(floor: 1e-4))
    },
  ]

  @Test("Frames are SciPy's", arguments: cases)
  func frames(_ example: Case) throws {
    let signals = try fixture.floats("signals").values
    let expected = try fixture.floats(example.file)
    let plan = try example.plan()
    let actual = try plan(Array(signals.prefix(example.signals * 700)), samples: 700)
    let shape = [example.signals, plan.frames(samples: 700), plan.bins] + (plan.quantity == .complex ? [2] : [])
    expectClose(
      actual, expected.values, shape: shape, expectedShape: expected.shape,
      absolute: example.file == "decibels" ? 1e-4 : 1e-6)
  }

  @Test("Power is magnitude squared, and decibels its logarithm down to the floor")
  func quantities() throws {
    let signals = try fixture.floats("signals").values
    let magnitude = try SpectrogramPlan(windowSamples: 64, hopSamples: 64, quantity: .magnitude)(signals, samples: 700)
    let power = try SpectrogramPlan(windowSamples: 64, hopSamples: 64, quantity: .power)(signals, samples: 700)
    expectClose(power, magnitude.map { $0 * $0 }, absolute: 1e-9)
    let silence = [Float](repeating: 0, count: 64)
    let plan = try SpectrogramPlan(windowSamples: 64, hopSamples: 64, quantity: .decibels(floor: 1e-6))
    expectClose(try plan(silence, samples: 64), [Float](repeating: -60, count: 33))
  }

  @Test("Frequencies and middles of frames are SciPy's")
  func axes() throws {
    let plan = try SpectrogramPlan(windowSamples: 100, hopSamples: 60)
    expectClose(
      plan.frequencies(sampleRateHz: 50).map(Float.init), try fixture.floats("spectrogram_frequencies").values)
    expectClose(plan.frameCenters(samples: 700).map { Float($0 / 50) }, try fixture.floats("spectrogram_times").values)
  }

  @Test("A NaN makes its own frames NaN and no other")
  func missing() throws {
    var signals = try fixture.floats("signals").values
    signals[700 + 130] = .nan
    let plan = try SpectrogramPlan(windowSamples: 64, hopSamples: 64, quantity: .decibels(floor: 1e-9))
    let result = try plan(signals, samples: 700)
    for frame in 0..<30 {
      let row = result[frame * 33..<(frame + 1) * 33]
      #expect(row.allSatisfy { $0.isNaN } == (frame == 12))
      #expect(row.contains { $0.isNaN } == (frame == 12))
    }
  }

  @Test("Welch's average is SciPy's, with SciPy's defaults and with others")
  func welch() throws {
    let signals = try fixture.floats("signals").values
    let spectrum = try PowerSpectrum.welch(signals, samples: 700, sampleRateHz: 50, windowSamples: 128)
    expectClose(spectrum.density, try fixture.floats("welch").values, absolute: 1e-9)
    expectClose(spectrum.power(inHz: 2..<8), try fixture.floats("band_power").values)
    let odd = try PowerSpectrum.welch(
      signals, samples: 700, sampleRateHz: 50, windowSamples: 129, hopSamples: 29, window: .hamming)
    expectClose(odd.density, try fixture.floats("welch_odd").values, absolute: 1e-9)
    let whole = try PowerSpectrum.periodogram(signals, samples: 700, sampleRateHz: 50)
    expectClose(whole.density, try fixture.floats("periodogram").values, absolute: 1e-7)
  }

  @Test("What cannot be framed is refused")
  func refused() throws {
    expectWords("found a window of 0 samples, expected at least 1") {
      try SpectrogramPlan(windowSamples: 0, hopSamples: 1)
    }
    expectWords("found a hop of 0 samples, expected at least 1") {
      try SpectrogramPlan(windowSamples: 8, hopSamples: 0)
    }
    expectWords("found a transform length of 4, expected 8, the window, to 67108864") {
      try SpectrogramPlan(windowSamples: 8, hopSamples: 1, fftLength: 4)
    }
    expectWords("found a sample rate of 0.0 Hz, expected a positive number") {
      try SpectrogramPlan(windowSamples: 8, hopSamples: 1, quantity: .density(sampleRateHz: 0))
    }
    expectWords("found 5 samples, expected at least 8 for a window: shorten it or leave the signal out") {
      try SpectrogramPlan(windowSamples: 8, hopSamples: 1)([1, 2, 3, 4, 5], samples: 5)
    }
    expectWords("found 3 floats of room, expected 5") {
      let plan = try SpectrogramPlan(windowSamples: 8, hopSamples: 1)
      var room: [Float] = [0, 0, 0]
      try [Float](repeating: 1, count: 8).withUnsafeBufferPointer { signal in
        try room.withUnsafeMutableBufferPointer { try plan.write(signal, samples: 8, into: $0) }
      }
    }
  }

  @Test("A frame that reaches beyond the signal loses the mean of all its samples, the zeros among them")
  func detrendedEnds() throws {
    let plan = try SpectrogramPlan(
      windowSamples: 4, hopSamples: 2, window: .rectangular, framing: .padded, detrend: true)
    // Less their mean the frames are -1 -1 1 1, nothing, and 1 1 -1 -1.
    expectClose(try plan([2, 2, 2, 2], samples: 4), [0, 0.5, 0, 0, 0, 0, 0, 0.5, 0])
  }
}
