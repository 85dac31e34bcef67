import Corpora
import Foundation
import NumPy
import Preparation
import Readers
import Signals
import SleepCore
import Synthesis

/// Signals and maps. All of them run on one thread on both sides.
enum SignalBenchmarks {
  static let all = [spectrogram, filtering, night, nights, formats]

  private static let spectrogram = Benchmark(
    name: "stft", title: "complex STFT of a night, 960 x 4608 samples, 128 a frame, hop 64", peer: "scipy.signal.stft",
    target: .times(2)
  ) { folder in
    let signals = noise(960 * 4608, seed: 1)
    try NpyArray(shape: [960, 4608], values: signals).write(to: folder.appendingPathComponent("night.npy"))
    let plan = try SpectrogramPlan(windowSamples: 128, hopSamples: 64, framing: .padded, quantity: .complex)
    return {
      let result = try plan(signals, samples: 4608)
      // The second bin of each recording's first frame.
      let row = plan.frames(samples: 4608) * plan.bins * 2
      return (0..<960).reduce(0) { $0 + Double(abs(result[$1 * row + 2])) }
    }
  }

  private static let filtering = Benchmark(
    name: "filter", title: "band-pass both ways and 100 to 64 Hz, 4 channels of 8 h",
    peer: "SciPy (sosfiltfilt, resample_poly)", target: .none
  ) { folder in
    let samples = 8 * 3600 * 100
    let channels = (0..<4).map { noise(samples, seed: UInt64($0)) }
    try NpyArray(shape: [4, samples], values: channels.flatMap(\.self))
      .write(to: folder.appendingPathComponent("channels.npy"))
    return {
      let filter = try SecondOrderSections.butterworth(order: 4, passBandHz: .band(0.3, 30), sampleRateHz: 100)
      let resampler = try PolyphaseResampler(fromHz: 100, toHz: 64)
      let result = try filter.filteredBothWays(channels).map { resampler($0) }
      return result.reduce(0) { $0 + magnitude($1, every: 1009) }
    }
  }

  private static let night = Benchmark(
    name: "edf-night",
    title: "SleepVST's inputs from an EDF of 9 h and 14 channels: 2 read, filtered, resampled, scaled, cut",
    peer: "MNE with SciPy", target: .processorTimes(5)
  ) { folder in
    let url = folder.appendingPathComponent("shhs1-200001.edf")
    try writeNight(to: url)
    var shhs = try Card(named: "shhs")
    shhs.preprocessing.sensors = shhs.preprocessing.sensors.filter { [.ecg, .respiration].contains($0.key) }
    let card = shhs
    return {
      let source = RecordingSource(id: "shhs1-200001", subject: Subject("200001"), files: ["psg": url])
      let recording = try FolderReader.any.read(source, card.request)
      let windows = try card.preprocessing.windows(of: recording, path: url.path)
      return windows.sensors.reduce(0) { $0 + magnitude($1.values, every: 1009) }
    }
  }

  private static let nights = Benchmark(
    name: "prepare-nights",
    title: "`prepare`: SleepVST's inputs as a corpus from EDFs of 20 nights of 4 h and 14 channels, two jobs",
    peer: "MNE with SciPy, two processes", target: .times(5), rounds: 2
  ) { folder in
    let raw = folder.appendingPathComponent("nights")
    try FileManager.default.createDirectory(at: raw, withIntermediateDirectories: true)
    for night in 0..<20 {
      try writeNight(to: raw.appendingPathComponent("n\(night).edf"), hours: 4, seed: UInt64(100 * night))
    }
    var preprocessing = try Card(named: "shhs").preprocessing
    preprocessing.sensors = preprocessing.sensors.filter { [.ecg, .respiration].contains($0.key) }
    let card = Card(
      name: "nights", title: "", labels: nil, rules: ReadingRules(files: ["psg": FileRule(["{subject}.edf"])]),
      preprocessing: preprocessing)
    return { try prepared(card, from: raw, in: folder, sensors: [.ecg, .respiration]) }
  }

  /// Prepares a corpus, sums up what it holds and removes it.
  private static func prepared(_ card: Card, from raw: URL, in folder: URL, sensors: [Sensor]) throws -> Double {
    let out = folder.appendingPathComponent("corpus")
    defer { try? FileManager.default.removeItem(at: out) }
    let corpus = try Preparation(card: card, options: .init(jobs: 2)).run(raw: raw, out: out)
    return try corpus.recordings.indices.reduce(0) { sum, place in
      try sensors.reduce(sum) {
        let windows = 0..<corpus.recordings[place].windows
        return $0 + magnitude(try corpus.windows(recording: place, sensor: $1, range: windows), every: 1009)
      }
    }
  }

  private static let formats = Benchmark(
    name: "formats-nights",
    title:
      "a corpus of 20 nights of 4 h of ECG, 7 from EDF, 7 from CSV, 6 from HDF5: read, filtered, resampled, scaled, cut, written",
    peer: "MNE, pandas, h5py, SciPy and NumPy", target: .times(2), rounds: 3
  ) { folder in
    // The peer makes tables and HDF5 of some of these files, since nothing of ours writes them.
    let raw = folder.appendingPathComponent("formats")
    try FileManager.default.createDirectory(at: raw, withIntermediateDirectories: true)
    let writer = EDFWriter(
      format: .edf,
      channels: [.init(label: "ECG", unit: "mV", samplesPerRecord: 30 * 64, physicalRange: -5...5)], recordSeconds: 30)
    for night in 0..<20 {
      try writer.write(
        [noise(4 * 3600 * 64, seed: UInt64(100 + night))], to: raw.appendingPathComponent("n\(night).edf"))
    }
    let card = Card(
      name: "formats", title: "", labels: nil,
      rules: ReadingRules(files: ["signals": FileRule(["{subject}.edf", "{subject}.csv", "{subject}.h5"])]),
      preprocessing: Preprocessing(sensors: [
        .ecg: SensorPreprocessing(
          channels: [ChannelChoice("ECG")], highPassHz: 0.5, lowPassHz: 4.5, sampleRateHz: 10, normalisation: .robust,
          clip: 20)
      ]))
    return { try prepared(card, from: raw, in: folder, sensors: [.ecg]) }
  }

  /// Channels and rates of the Sleep Heart Health Study.
  private static func writeNight(to url: URL, hours: Int = 9, seed: UInt64 = 0) throws {
    let channels: [(label: String, unit: String, rate: Int)] = [
      ("SaO2", "", 1), ("H.R.", "", 1), ("EEG(sec)", "uV", 125), ("ECG", "mV", 125), ("EMG", "uV", 125),
      ("EOG(L)", "uV", 50), ("EOG(R)", "uV", 50), ("EEG", "uV", 125), ("THOR RES", "", 10), ("ABDO RES", "", 10),
      ("POSITION", "", 1), ("LIGHT", "", 1), ("NEW AIR", "", 10), ("OX stat", "", 1),
    ]
    let writer = EDFWriter(
      format: .edf,
      channels: channels.map {
        .init(label: $0.label, unit: $0.unit, samplesPerRecord: $0.rate, physicalRange: -3...3)
      },
      recordSeconds: 1)
    let samples = channels.indices.map { noise(hours * 3600 * channels[$0].rate, seed: seed + UInt64($0)) }
    try writer.write(samples, to: url)
  }

  private static func magnitude(_ values: [Float], every step: Int) -> Double {
    stride(from: 0, to: values.count, by: step).reduce(0) { $0 + Double(abs(values[$1])) }
  }
}
