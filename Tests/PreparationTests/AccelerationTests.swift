import Corpora
import Preparation
import Foundation
import Signals
import SleepCore
import TestSupport
import Testing

@Suite("Spectrograms of acceleration")
struct AccelerationTests {
  private static let fixture = Fixture("acceleration")

  private func signal() throws -> Signal {
    let times = try Self.fixture.doubles("times")
    let xyz = try Self.fixture.floats("xyz").values
    return Signal(
      sensor: .accelerometer, channels: ["x", "y", "z"].map { Channel(name: $0, unit: "g") },
      timing: .irregular(seconds: times),
      samples: (0..<3).map { Array(xyz[$0 * times.count..<($0 + 1) * times.count]) })
  }

  private func settings() throws -> SensorPreprocessing {
    let datasets = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Datasets")
    return try #require(Card(named: "sleep-accel", in: datasets).preprocessing.sensors[.spectrogram])
  }

  private func windows(_ signal: Signal, _ settings: SensorPreprocessing) throws -> RecordingWindows {
    try Preprocessing(fromSeconds: 0, sensors: [.spectrogram: settings]).windows(
      of: Recording(
        id: "r", subject: Subject("s"), signals: [signal], hypnogram: Hypnogram(stages: [.wake, .n2, .rem])),
      path: "f.txt")
  }

  @Test("The derivative of unevenly spaced samples is NumPy's")
  func derivative() throws {
    let signal = try signal()
    let samples = try IrregularSamples(
      seconds: Self.fixture.doubles("times"), values: magnitude(of: signal.samples))
    let expected = try Self.fixture.floats("derivative").values
    let found = samples.derivative()
    expectClose(
      stride(from: 0, to: found.count, by: 10).map { found[$0] }, expected, absolute: 2e-5)
    #expect(try IrregularSamples(seconds: [1], values: [4]).derivative() == [0])
  }

  @Test("The card's spectrograms are SciPy's, 65 x 73; a window with fewer than half of its samples is masked")
  func chain() throws {
    let made = try windows(signal(), settings())
    let sensor = made.sensors[0]
    #expect(sensor.contract.sensor == .spectrogram && sensor.contract.shape == [65, 73])
    #expect(sensor.contract.preparation["spectrogram.frame_samples"] == "128")
    #expect(sensor.valid == [1, 1, 0])
    let expected = try Self.fixture.floats("spectrograms")
    let found = Array(sensor.values.prefix(2 * 65 * 73))
    // In the bridged gap there is next to nothing, -115 dB: single precision shows there.
    expectClose(found, expected.values, shape: [2, 65, 73], expectedShape: expected.shape, absolute: 0.5)
    expectClose(found.map { max(-80, $0) }, expected.values.map { max(-80, $0) }, absolute: 5e-3)
    #expect(
      made.warnings == [
        "r: accelerometer of 0.5 min before it is left out, as 'from_seconds' and 'to_seconds' say",
        "r: spectrogram is missing in 1 of 3 windows",
      ])
  }

  @Test("A regular signal has the same derivative where nothing is missing, and keeps its gaps")
  func regular() throws {
    let ramp: [Float] = [0, 1, 3, 6, .nan, 15, 21, 28]
    let signal = Signal(
      sensor: .accelerometer, channels: [Channel(name: "x", unit: "g")],
      timing: .regular(startSeconds: 0, sampleRateHz: 2), samples: [ramp])
    let made = try Preprocessing(
      windowSeconds: 2, sensors: [.accelerometer: SensorPreprocessing(differentiate: .central)]
    )
    .windows(of: Recording(id: "r", subject: Subject("s"), signals: [signal]), path: "f")
    // numpy.gradient([0, 1, 3, 6, 15, 21, 28], [0, 0.5, 1, 1.5, 2.5, 3, 3.5])
    expectClose(Array(made.sensors[0].values.prefix(4)), [2, 3, 5, 7])
    #expect(made.sensors[0].valid == [1, 0])
    #expect(made.sensors[0].contract.channels == [Channel(name: "x derivative", unit: "g/s")])
  }

  @Test("Channels that cannot be combined, or that are too many, are refused in words")
  func refused() throws {
    let one = try signal()
    let seconds = [0.0, 1, 2, 3]
    let other = Signal(
      sensor: .accelerometer, channels: [Channel(name: "w", unit: "g")], timing: .irregular(seconds: seconds),
      samples: [[1, 2, 3, 4]])
    var settings = SensorPreprocessing(combine: .magnitude, sampleRateHz: 50)
    var error = #expect(throws: PreparationError.self) {
      try Preprocessing(sensors: [.accelerometer: settings]).windows(
        of: Recording(id: "r", subject: Subject("s"), signals: [one, other]), path: "f.txt")
    }
    #expect(
      error.map(words)
        == "f.txt: found x, y, z and w at different times or in different units, expected one timing and unit to combine them"
    )
    settings.combine = nil
    settings.spectrogram = SpectrogramPreprocessing(from: .accelerometer, frameSamples: 128)
    error = #expect(throws: PreparationError.self) { _ = try windows(one, settings) }
    #expect(
      error.map(words)
        == "f.txt: found x, y and z, expected one channel to make a spectrogram of: pick one, or 'combine: magnitude' in the card"
    )
  }
}
