import Corpora
import Preparation
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("From signals to windows")
struct WindowingTests {
  private func signal(
    _ channels: [(String, String, [Float])], rate: Double = 1, start: Double = 0
  ) -> Signal {
    Signal(
      sensor: .psg, channels: channels.map { Channel(name: $0.0, unit: $0.1) },
      timing: .regular(startSeconds: start, sampleRateHz: rate), samples: channels.map(\.2))
  }

  private func windows(
    _ signals: [Signal], _ settings: SensorPreprocessing, windowSeconds: Double = 4, trim: Double? = nil,
    from: Double? = nil, to: Double? = nil, hypnogram: Hypnogram? = nil
  ) throws -> RecordingWindows {
    let sensor = signals[0].sensor
    return try Preprocessing(
      windowSeconds: windowSeconds, fromSeconds: from, toSeconds: to, trimWakeMinutes: trim,
      sensors: [sensor: settings]
    ).windows(
      of: Recording(id: "r", subject: Subject("s"), signals: signals, hypnogram: hypnogram), path: "f.edf")
  }

  @Test("Channels are picked by any of their names, put in order, and brought to one unit")
  func channels() throws {
    let made = try windows(
      [signal([("EMG submental", "mV", [1, 2, 3, 4]), ("EEG Fpz-Cz", "uV", [5, 6, 7, 8])])],
      SensorPreprocessing(
        channels: [
          ChannelChoice("EEG", from: ["EEG Cz", "eeg fpz cz"]), ChannelChoice("EMG", from: ["EMGsubmental"]),
        ],
        unit: "uV"))
    #expect(made.sensors[0].values == [5, 6, 7, 8, 1000, 2000, 3000, 4000])
    #expect(
      made.sensors[0].contract.channels == [Channel(name: "EEG", unit: "uV"), Channel(name: "EMG", unit: "uV")])
    #expect(made.startSeconds == 0)
    #expect(made.labels == [-1])
  }

  @Test("A missing channel names the file, its channels and the nearest; an unknown unit is refused")
  func refused() {
    let recorded = [signal([("EKG", "uV", [1, 2, 3, 4]), ("THOR RES", "", [1, 2, 3, 5])])]
    var error = #expect(throws: PreparationError.self) {
      try windows(recorded, SensorPreprocessing(channels: [ChannelChoice("THOR RESP")]))
    }
    #expect(
      error.map(words)
        == "f.edf: found no channel 'THOR RESP', expected it; the channels here are EKG and THOR RES, the nearest is 'THOR RES'"
    )
    error = #expect(throws: PreparationError.self) { try windows(recorded, SensorPreprocessing(unit: "mV")) }
    #expect(
      error.map(words) == "f.edf: found the unit '' in channel 'THOR RES', expected one that converts to 'mV'")
    let irregular = Signal(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "")], timing: .irregular(seconds: [0, 9]),
      samples: [[1, 2]])
    error = #expect(throws: PreparationError.self) { try windows([irregular], SensorPreprocessing()) }
    #expect(
      error.map(words) == "f.edf: found heart-rate without one fixed rate, expected 'sample_rate_hz' in the card")
    let endless = Signal(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "")], timing: .irregular(seconds: [0, 1e12]),
      samples: [[1, 2]])
    error = #expect(throws: PreparationError.self) { try windows([endless], SensorPreprocessing(sampleRateHz: 1)) }
    #expect(
      error.map(words)
        == "f.edf: found a million or more days from the first to the last sample, expected at most 90")
  }

  @Test("Channels of different rates are brought to one")
  func rates() throws {
    let slow = signal([("slow", "", [0, 0, 0, 0, 10, 10, 10, 10])], rate: 1)
    let fast = signal([("fast", "", (0..<80).map { sin(Float($0) * 0.3) })], rate: 10)
    let made = try windows([slow, fast], SensorPreprocessing(sampleRateHz: 5))
    #expect(made.sensors[0].contract.shape == [2, 20])
    #expect(made.labels.count == 2)
    // Every second sample of the fast channel lies at those times; away from the ends the filter is exact to a per cent.
    for index in 8..<12 {
      #expect(abs(made.sensors[0].values[20 + index] - sin(Float(index * 2) * 0.3)) < 0.02)
    }
  }

  @Test("Gaps of an irregular signal: short ones are bridged, long ones make a window invalid unless most is there")
  func gaps() throws {
    // Samples every second from 0 to 15, without 5, and without 9 to 12.
    let times = (0..<16).filter { $0 != 5 && !(9...12).contains($0) }.map(Double.init)
    let irregular = Signal(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], timing: .irregular(seconds: times),
      samples: [times.map { Float($0) }])
    let hypnogram = Hypnogram(windowSeconds: 4, stages: [.wake, .wake, .wake, .wake])
    var settings = SensorPreprocessing(sampleRateHz: 1, maximumGapSeconds: 2)
    var made = try windows([irregular], settings, hypnogram: hypnogram)
    // The last window lacks its last second, and none may be missing: it is no window.
    #expect(made.sensors[0].valid == [1, 1, 0])
    #expect(Array(made.sensors[0].values.prefix(8)) == [0, 1, 2, 3, 4, 5, 6, 7])
    settings.maximumMissing = 0.5
    made = try windows([irregular], settings, hypnogram: hypnogram)
    #expect(made.sensors[0].valid == [1, 1, 0, 1])
    #expect(Array(made.sensors[0].values.suffix(4)) == [12, 13, 14, 15])
    #expect(made.warnings == ["r: heart-rate is missing in 1 of 4 windows"])
  }

  @Test("What an accelerometer measured while it was not worn is missing, and told of; it must be in g")
  func nonWear() throws {
    // A turn every minute, then a quarter of an hour of rest, then turns again; one sample a second.
    let values = (0..<2700).map { second in (900..<1800).contains(second) ? Float(0.7) : sin(Float(second) * 0.2) }
    func signal(_ unit: String) -> Signal {
      Signal(
        sensor: .accelerometer, channels: ["x", "y", "z"].map { Channel(name: $0, unit: unit) },
        timing: .regular(startSeconds: 0, sampleRateHz: 1), samples: [values, values, values])
    }
    let settings = SensorPreprocessing(nonWearMinutes: 12, allowFlat: true)
    let made = try windows([signal("g")], settings, windowSeconds: 30)
    #expect(made.sensors[0].valid.indices.filter { made.sensors[0].valid[$0] == 0 } == Array(30..<60))
    #expect(
      made.warnings == [
        "r: accelerometer was not worn for 0.2 h, since it lay still: missing",
        "r: accelerometer is missing in 30 of 90 windows",
      ])
    let worn = try windows([signal("g")], SensorPreprocessing(nonWearMinutes: 15, allowFlat: true), windowSeconds: 30)
    #expect(worn.sensors[0].valid.allSatisfy { $0 == 1 })
    let error = #expect(throws: PreparationError.self) { try windows([signal("mg")], settings, windowSeconds: 30) }
    #expect(error.map(words) == "f.edf: found the unit 'mg' in channel 'x', expected one that converts to 'g'")
  }

  @Test("Nothing is made up between two stretches of an irregular signal, whatever gap may be bridged")
  func irregularStretches() throws {
    let parts = [0, 8].map { start in
      Signal(
        sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")],
        timing: .irregular(seconds: (start..<start + 5).map(Double.init)),
        samples: [(start..<start + 5).map { Float($0) }])
    }
    let hypnogram = Hypnogram(windowSeconds: 4, stages: [.wake, .wake, .wake])
    let made = try windows(parts, SensorPreprocessing(sampleRateHz: 1), hypnogram: hypnogram)
    #expect(made.sensors[0].valid == [1, 0, 1])
    #expect(Array(made.sensors[0].values.suffix(4)) == [8, 9, 10, 11])
  }

  @Test("Context is signal from before and after, never zeros")
  func context() throws {
    let ramp = signal([("a", "", (1...16).map(Float.init))])
    let made = try windows([ramp], SensorPreprocessing(contextSeconds: 2))
    #expect(made.sensors[0].contract.shape == [1, 8])
    #expect(made.sensors[0].valid == [0, 1, 1, 0])
    #expect(Array(made.sensors[0].values[8..<16]) == [3, 4, 5, 6, 7, 8, 9, 10])
    let held = try windows([ramp], SensorPreprocessing(maximumMissing: 0.5, contextSeconds: 2))
    #expect(held.sensors[0].valid == [1, 1, 1, 1])
    #expect(Array(held.sensors[0].values[0..<8]) == [1, 1, 1, 2, 3, 4, 5, 6])
  }

  @Test(
    "Labels that begin before the signal or end behind it are left out, wake far from sleep is unscored, and no window moves"
  )
  func labels() throws {
    let samples = (0..<40).map { Float($0 % 7) }
    let stages: [Stage?] = [.wake, .wake, .wake, .wake, .wake, .n2, nil, .rem, .wake, .wake, .wake, .wake, .wake]
    let hypnogram = Hypnogram(startSeconds: -8, windowSeconds: 4, stages: stages)
    let made = try windows([signal([("a", "", samples)])], SensorPreprocessing(), trim: 4.0 / 60, hypnogram: hypnogram)
    #expect(made.startSeconds == 0)
    #expect(made.labels == [-1, -1, 0, 2, -1, 4, 0, -1, -1, -1])
    #expect(
      made.warnings == [
        "r: 3 of 13 labels lie outside the signal and are left out",
        "r: 5 windows of wake more than 0.06666666666666667 min from sleep are not trained or scored on",
      ])
    let unscored = try windows([signal([("a", "", samples)])], SensorPreprocessing(), trim: 4.0 / 60)
    #expect(unscored.sensors[0].values == made.sensors[0].values && unscored.startSeconds == 0)
  }

  @Test("Normalisation: robust, plain, together, and of counts; a flat channel makes its windows invalid")
  func normalisation() throws {
    let ramp = (0..<8).map(Float.init)
    let two = [signal([("a", "mV", ramp), ("b", "mV", ramp.map { 3 * $0 + 5 })])]
    // numpy: (x - 3.5) / 3.5, quartiles 1.75 and 5.25.
    var made = try windows(two, SensorPreprocessing(normalisation: .robust), windowSeconds: 8)
    expectClose(Array(made.sensors[0].values.prefix(8)), ramp.map { ($0 - 3.5) / 3.5 })
    expectClose(Array(made.sensors[0].values.suffix(8)), ramp.map { ($0 - 3.5) / 3.5 })
    #expect(made.sensors[0].contract.channels[0].unit == "")
    // numpy.std(range(8)) is 2.29128784747792.
    made = try windows(two, SensorPreprocessing(normalisation: .plain, clip: 1), windowSeconds: 8)
    expectClose(Array(made.sensors[0].values.prefix(8)), ramp.map { min(1, max(-1, ($0 - 3.5) / 2.2912878)) })
    made = try windows(two, SensorPreprocessing(normalisation: .robust, sharedSpread: true), windowSeconds: 8)
    expectClose(Array(made.sensors[0].values.suffix(8)), ramp.map { 3 * ($0 - 3.5) / 7 })
    made = try windows(two, SensorPreprocessing(transform: .log1p, scale: 2), windowSeconds: 8)
    expectClose(Array(made.sensors[0].values.prefix(8)), ramp.map { Float(log1p(Double($0)) / 2) })
    // What is missing stays missing: it is no zero.
    let gap = [signal([("a", "", [7, 7, 7, 7, 7, .nan, .nan, 7])])]
    made = try windows(gap, SensorPreprocessing(transform: .log1p, allowFlat: true), windowSeconds: 4)
    #expect(made.sensors[0].valid == [1, 0])
    made = try windows(
      [signal([("a", "", ramp), ("b", "", [Float](repeating: 3, count: 8))])],
      SensorPreprocessing(normalisation: .robust), windowSeconds: 4)
    #expect(made.sensors[0].valid == [0, 0])
    #expect(made.warnings == ["r: psg is flat in 2 of 2 windows"])
  }

  @Test("Windows that are worth far more than the samples they are made of are refused, and ask for no memory")
  func room() throws {
    // Two heartbeats 80 days apart, at a rate that a card may ask for.
    let beats = Signal(
      sensor: .heartRate, channels: ["HR"], timing: .irregular(seconds: [0, 80 * 86_400]), samples: [[60, 61]])
    let error = try #require(throws: PreparationError.self) {
      try windows([beats], SensorPreprocessing(sampleRateHz: 1000), windowSeconds: 30)
    }
    #expect(
      words(of: error)
        == "f.edf: found 6912000000 values in the windows of heart-rate, made of 2 samples, expected at most 67108992: lower 'sample_rate_hz', 'context_seconds' or 'size' in the card, or look for times that are wrong"
    )
    let short = signal([("a", "", [Float](repeating: 1, count: 4000))])
    #expect(throws: PreparationError.self) {
      try windows([short], SensorPreprocessing(contextSeconds: 3600), windowSeconds: 0.1)
    }
    let maps = Recording(
      id: "r", subject: Subject("s"),
      frames: PressureFrames(
        rows: 1, columns: 1, framesPerSecond: 1, values: [Float](repeating: 1, count: 40),
        postures: [Posture?](repeating: nil, count: 40)))
    #expect(throws: PreparationError.self) {
      try Preprocessing(sensors: [.pressureMap: SensorPreprocessing(map: MapPreprocessing(size: [4096, 4096]))])
        .windows(of: maps, path: "f")
    }
  }

  @Test("A time of an option beyond all windows bounds nothing")
  func farBounds() throws {
    let made = try windows(
      [signal([("a", "", [1, 2, 3, 4, 5, 6, 7, 8])])], SensorPreprocessing(), from: -1e300, to: 1e300)
    #expect(made.labels.count == 2)
  }

  @Test("The local deviation is NumPy's, in the logarithm")
  func deviation() throws {
    let samples: [Float] = [1, 4, 2, 8, 5, 7, 1, 4]
    let made = try windows([signal([("a", "", samples)])], SensorPreprocessing(localDeviationSeconds: 2))
    #expect(made.sensors[0].contract.shape == [2, 4])
    // numpy: log1p(std of the samples from one before to one after).
    let expected: [Float] = [0.91629073, 0.80969351, 1.25117264, 1.23822632]
    expectClose(Array(made.sensors[0].values[4..<8]), expected)
  }

  @Test("A map loses its baseline, is cut, put on its own scale and resized")
  func maps() throws {
    let values: [Float] = [40, 40, 40, 140, 440, 2040, 40, .nan]
    let frames = PressureFrames(
      rows: 2, columns: 2, framesPerSecond: 1, values: values, postures: [.left, nil])
    let card = Preprocessing(
      windowSeconds: nil,
      sensors: [
        .pressureMap: SensorPreprocessing(
          map: MapPreprocessing(baselinePercentile: 0, maximum: 1000, peakPercentile: 100, power: 0.5, size: [4, 2]))
      ])
    let made = try card.windows(of: Recording(id: "r", subject: Subject("s"), frames: frames), path: "f")
    #expect(made.sensors[0].contract.shape == [4, 2])
    #expect(made.sensors[0].contract.preparation["map.size"] == "4 x 2")
    #expect(made.labels == [2, -1])
    #expect(made.sensors[0].valid == [1, 0])
    // Rows at -1/4, 1/4, 3/4 and 5/4 of the old ones.
    expectClose(Array(made.sensors[0].values.prefix(8)), [0, 0, 0, 0.25, 0, 0.75, 0, 1])
  }

  @Test(
    "With a reference each map is followed by the mean of the recording's whole maps, as NumPy's nanmean over frames")
  func reference() throws {
    let values: [Float] = [1, 2, 3, 4, 5, 6, 7, 9, 8, .nan, 1, 1]
    let frames = PressureFrames(rows: 2, columns: 2, framesPerSecond: 1, values: values, postures: [nil, nil, nil])
    let card = Preprocessing(
      windowSeconds: nil,
      sensors: [.pressureMap: SensorPreprocessing(map: MapPreprocessing(reference: true))])
    let made = try card.windows(of: Recording(id: "r", subject: Subject("s"), frames: frames), path: "f")
    #expect(made.sensors[0].contract.shape == [2, 2, 2])
    #expect(made.sensors[0].valid == [1, 1, 0])
    expectClose(
      made.sensors[0].values, [1, 2, 3, 4, 3, 4, 5, 6.5, 5, 6, 7, 9, 3, 4, 5, 6.5] + [Float](repeating: 0, count: 8))
  }

  @Test("A recording is normalised by its windows, not by the context around them")
  func normalisedContext() throws {
    let samples: [Float] = [90, 80, 70, 60, 0, 1, 2, 3, 4, 5, 6, 7, -60, -70, -80, -90]
    let made = try windows(
      [signal([("a", "", samples)])], SensorPreprocessing(contextSeconds: 2, normalisation: .plain), from: 4, to: 12,
      hypnogram: Hypnogram(windowSeconds: 4, stages: [.wake, .n2, .rem, .wake]))
    #expect(made.labels == [2, 4])
    // numpy.std(range(8)) is 2.29128784747792.
    let expected = [70, 60, 0, 1, 2, 3, 4, 5].map { (Float($0) - 3.5) / 2.2912878 }
    expectClose(Array(made.sensors[0].values.prefix(8)), expected)
  }
}
