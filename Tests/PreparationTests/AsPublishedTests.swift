import Corpora
import Foundation
import NumPy
import Preparation
import SleepCore
import TestSupport
import Testing

private let datasets = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Datasets")

@Suite("Windows as the authors of published systems make them")
struct AsPublishedTests {
  private static let fixture = Fixture("as-published")

  private func card(_ name: String) throws -> Card { try Card(named: "\(name)-as-published", in: datasets) }

  private func expect(_ corpus: Corpus, _ sensor: Sensor, is name: String, absolute: Double) throws {
    let expected = try Self.fixture.floats(name)
    let windows = corpus.recordings[0].windows
    let found = try corpus.windows(recording: 0, sensor: sensor, range: 0..<windows)
    let length = try #require(corpus.contracts.first { $0.sensor == sensor }).size
    expectClose(
      found, expected.values, shape: [windows, length], expectedShape: expected.shape, relative: 0, absolute: absolute)
  }

  @Test(
    "SleepVST: a whole EDF by 'prepare' is what MNE and SciPy make of it, to 0.00001",
    arguments: [("shhs", 10, 1e-5), ("mesa", 4, 5e-3)])
  func sleepVST(name: String, windows: Int, breathing: Double) throws {
    try withTemporaryFolder { folder in
      let corpus = try Preparation(card: card(name))
        .run(raw: Self.fixture.url(name), out: folder.appendingPathComponent("corpus"))
      #expect((corpus.index.dataset, corpus.population, corpus.recordings.count) == (name, name, 1))
      #expect(corpus.recordings[0].windows == windows)
      #expect(corpus.recordings[0].validWindows == [.ecg: windows, .respiration: windows])
      #expect(corpus.labels(recording: 0) == (0..<windows).map { Int8($0 % 5) })
      try expect(corpus, .ecg, is: "\(name)-ecg", absolute: 1e-5)
      // The file of mesa ends 12 s behind its last whole window. MNE brings breathing to the ECG's rate before it is cut there; here it is cut first,
      // which both ends show.
      try expect(corpus, .respiration, is: "\(name)-respiration", absolute: breathing)
    }
  }

  @Test("SleepVST: both cards prepare in one way")
  func sleepVSTContracts() throws {
    let (shhs, mesa) = (try card("shhs").preprocessing, try card("mesa").preprocessing)
    #expect(Set(shhs.sensors.keys) == [.ecg, .respiration] && Set(mesa.sensors.keys) == [.ecg, .respiration])
    for sensor in [Sensor.ecg, .respiration] {
      #expect(try shhs.preparation(of: sensor) == mesa.preparation(of: sensor))
    }
  }

  private func cassette(_ channels: [(String, Double, [Float])]) -> [Signal] {
    channels.map { name, rate, samples in
      Signal(
        sensor: .psg, channels: [Channel(name: name, unit: "uV")],
        timing: .regular(startSeconds: 0, sampleRateHz: rate), samples: [samples])
    }
  }

  @Test("ULW-SleepNet: two channels stay as they are, to the bit, flat windows too")
  func rawMicrovolts() throws {
    let samples = (0..<9000).map { $0 < 3000 ? Float(7.5) : Float($0 % 977) * 0.25 - 100 }
    let made = try card("sleep-edf").preprocessing.windows(
      of: Recording(
        id: "r", subject: Subject("s"),
        signals: cassette([("EEG Fpz-Cz", 100, samples), ("EEG Pz-Oz", 100, samples.map { -$0 })])),
      path: "f.edf")
    #expect(made.sensors[0].contract.shape == [2, 3000] && made.sensors[0].valid == [1, 1, 1])
    #expect(made.sensors[0].contract.channels.map(\.unit) == ["uV", "uV"])
    for window in 0..<3 {
      let row = Array(samples[window * 3000..<(window + 1) * 3000])
      #expect(Array(made.sensors[0].values[window * 6000..<(window + 1) * 6000]) == row + row.map { -$0 })
    }
  }

  @Test("ULW-SleepNet, four channels: the EMG's envelope comes to 100 Hz window by window, as SciPy has it")
  func envelope() throws {
    let emg = try Self.fixture.floats("emg").values
    let fast = (0..<12_000).map { sin(Float($0) * 0.1) }
    let signals = cassette(
      [("EEG Fpz-Cz", 100, fast), ("EEG Pz-Oz", 100, fast), ("EOG horizontal", 100, fast), ("EMG submental", 1, emg)])
    let made = try Card(named: "sleep-edf-as-published-4", in: datasets).preprocessing
      .windows(of: Recording(id: "r", subject: Subject("s"), signals: signals), path: "f.edf")
    #expect(made.sensors[0].contract.shape == [4, 3000])
    let found = (0..<4).flatMap { made.sensors[0].values[$0 * 12_000 + 9000..<$0 * 12_000 + 12_000] }
    expectClose(found, try Self.fixture.floats("emg-windows").values, absolute: 1e-5)
  }

  private func prepared(
    _ signal: Signal, _ settings: SensorPreprocessing, windowSeconds: Double = 4
  ) throws -> RecordingWindows {
    try Preprocessing(windowSeconds: windowSeconds, sensors: [signal.sensor: settings])
      .windows(of: Recording(id: "r", subject: Subject("s"), signals: [signal]), path: "f.edf")
  }

  @Test("A missing sample leaves missing what is made around it by Fourier transform, and all else a number")
  func missing() throws {
    var samples = (0..<80).map { sin(Float($0)) }
    samples[45] = .nan
    let signal = cassette([("EEG", 5, samples)])[0]
    let settings = SensorPreprocessing(sampleRateHz: 10, resampling: .fourier)
    let made = try prepared(signal, settings)
    #expect(made.sensors[0].valid == [1, 1, 0, 1])
    #expect(made.warnings == ["r: psg is missing in 1 of 4 windows"])
  }

  @Test("A unit that is none of the family stays where the card says so, and is refused where it does not")
  func units() throws {
    func made(_ unit: String, _ whereKnown: Bool?) throws -> RecordingWindows {
      let signal = Signal(
        sensor: .ecg, channels: [Channel(name: "ECG", unit: unit)],
        timing: .regular(startSeconds: 0, sampleRateHz: 1), samples: [[1000, 2000, 3000, 5000]])
      return try prepared(signal, SensorPreprocessing(unit: "V", unitWhereKnown: whereKnown))
    }
    expectClose(try made("mV", true).sensors[0].values, [1, 2, 3, 5])
    let other = try made("", true)
    #expect(other.sensors[0].values == [1000, 2000, 3000, 5000])
    #expect(other.sensors[0].contract.channels == [Channel(name: "ECG", unit: "")])
    let error = #expect(throws: PreparationError.self) { try made("", nil) }
    #expect(error.map(words) == "f.edf: found the unit '' in channel 'ECG', expected one that converts to 'V'")
  }

  @Test("A transform is refused of samples that have a time each, and of windows without a whole number of samples")
  func refused() throws {
    let beats = Signal(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], timing: .irregular(seconds: [0, 1, 3, 4]),
      samples: [[60, 61, 62, 63]])
    var error = #expect(throws: PreparationError.self) {
      try prepared(beats, SensorPreprocessing(sampleRateHz: 1, resampling: .fourier))
    }
    #expect(
      error.map(words)
        == "f.edf: found heart-rate with a time for each sample, expected one fixed rate for 'resampling: fourier': leave the key out in the card, or say 'window-lines'"
    )
    error = #expect(throws: PreparationError.self) {
      try prepared(
        cassette([("EEG", 0.3, [1, 2, 3, 4])])[0],
        SensorPreprocessing(sampleRateHz: 1, resampling: .windowFourier))
    }
    #expect(
      error.map(words)
        == "f.edf: found a rate of 0.3 Hz, expected a whole number of samples in 4 s for 'resampling: window-fourier'")
  }

  @Test("ULW-SleepNet: wake is kept around all that is not scored as wake, movement and '?' too")
  func trimming() throws {
    let codes = try Self.fixture.integers("codes")
    let stages = codes.map { (0...4).contains($0) ? Stage(rawValue: Int8($0)) : nil }
    var settings = try card("sleep-edf").preprocessing
    settings.sensors = [.psg: SensorPreprocessing(sampleRateHz: 1)]
    func labels(_ signal: Int, _ settings: Preprocessing) throws -> RecordingWindows {
      let samples = (0..<signal * 30).map { Float($0 % 7) }
      return try settings.windows(
        of: Recording(
          id: "r", subject: Subject("s"), signals: cassette([("EEG", 1, samples)]), hypnogram: Hypnogram(stages: stages)
        ), path: "f.edf")
    }
    let expected = try Self.fixture.integers("labels").map { Int8($0) }
    let made = try labels(codes.count, settings)
    #expect(made.labels == expected)
    #expect(
      made.warnings == [
        "r: 50 windows of wake more than 30 min from what is not scored as wake are not trained or scored on"
      ])
    // Windows that nobody scored are not what is not wake.
    #expect(try labels(codes.count + 40, settings).labels == expected + [Int8](repeating: -1, count: 40))
    settings.trimWakeAround = nil
    #expect(try labels(codes.count, settings).labels != expected)
  }

  private func watch() throws -> Recording {
    let acceleration = Fixture("acceleration")
    let times = try acceleration.doubles("times")
    let xyz = try acceleration.floats("xyz").values
    let signal = Signal(
      sensor: .accelerometer, channels: ["x", "y", "z"].map { Channel(name: $0, unit: "g") },
      timing: .irregular(seconds: times),
      samples: (0..<3).map { Array(xyz[$0 * times.count..<($0 + 1) * times.count]) })
    return Recording(
      id: "r", subject: Subject("s"), signals: [signal], hypnogram: Hypnogram(stages: [.wake, .n2, .rem]))
  }

  @Test(
    "Accelerometer: decibels are those of the program, 65 x 73 and 65 x 25",
    arguments: [
      ("sleep-accel-as-published", "90", 73, [1, 1, 0]), ("sleep-accel-as-published-30", "30", 25, [1, 1, 0]),
    ])
  func decibels(name: String, seconds: String, columns: Int, valid: [UInt8]) throws {
    let made = try Card(named: name, in: datasets).preprocessing.windows(of: watch(), path: "f.txt")
    #expect(made.sensors.map(\.contract.sensor) == [.spectrogram])
    #expect(made.sensors[0].contract.shape == [65, columns])
    #expect(made.sensors[0].valid == valid)
    let expected = try Self.fixture.floats("spectrograms-\(seconds)")
    let kept = valid.count { $0 == 1 }
    // Near the floor, 80 dB below the largest, float32 leaves thousandths of a decibel.
    expectClose(
      Array(made.sensors[0].values.prefix(kept * 65 * columns)), expected.values, shape: [kept, 65, columns],
      expectedShape: expected.shape, relative: 0, absolute: 5e-3)
    // Amplitudes, in shares of the largest one.
    func amplitudes(_ decibels: [Float]) -> [Float] {
      let peak = expected.values.max() ?? 0
      return decibels.map { pow(10, ($0 - peak) / 20) }
    }
    expectClose(
      amplitudes(Array(made.sensors[0].values.prefix(kept * 65 * columns))), amplitudes(expected.values), relative: 0,
      absolute: 1e-5)
  }

  @Test("SSRM: rows of 64 x 27 have unit length, an empty one stays; other recordings are left out")
  func rows() throws {
    let maps = try Self.fixture.floats("maps")
    let frames = PressureFrames(
      rows: 64, columns: 27, framesPerSecond: nil, values: maps.values, postures: [.left, .left, .otherSupine, nil])
    let card = try card("pmd")
    let made = try card.preprocessing.windows(
      of: Recording(id: "ii-S1-Air", subject: Subject("S1"), frames: frames), path: "f.txt")
    #expect(made.sensors[0].contract.shape == [64, 27])
    // An empty map measured nothing.
    #expect(made.sensors[0].valid == [1, 1, 0, 1])
    expectClose(made.sensors[0].values, try Self.fixture.floats("maps-rows").values, relative: 0, absolute: 1e-7)
    #expect(card.recordings == ["ii-"])
    let cnn = try Card(named: "pmd-as-published-cnn", in: datasets)
    #expect((cnn.recordings, cnn.dataset, cnn.reader) == (["i-"], "pmd", "pmd"))
    #expect(
      cnn.preprocessing.sensors == [
        .pressureMap: SensorPreprocessing(scale: 512, map: MapPreprocessing(size: [32, 16]))
      ])
  }
}
