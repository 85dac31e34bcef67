import Corpora
import Encoders
import Foundation
import NumPy
import SleepCore
import Training

/// What a pretraining step reads, noise in a corpus, with the network of a recipe that reads such windows.
enum PretrainingInput: String, Sendable {
  case psg, map
  /// Nights of PSG, of which windows are near each other and far from each other.
  case nights = "psg-nights"
  /// Nights of two sensors.
  case sensors = "ecg-respiration"

  var title: String {
    switch self {
    case .psg, .nights: "PSG of 4 x 3000"
    case .map: "maps of 64 x 32"
    case .sensors: "ECG of 300 and breathing of 150"
    }
  }

  var contract: WindowContract { contracts[0] }

  var contracts: [WindowContract] {
    switch self {
    case .psg, .nights:
      [
        WindowContract(
          sensor: .psg, channels: ["EEG 1", "EEG 2", "EOG", "EMG"].map { Channel(name: $0, unit: "uV") },
          shape: [4, 3000],
          sampleRateHz: 100)
      ]
    case .map: [WindowContract(sensor: .pressureMap, shape: [64, 32])]
    case .sensors:
      [
        WindowContract(sensor: .ecg, channels: [Channel(name: "ECG", unit: "mV")], shape: [1, 300], sampleRateHz: 10),
        WindowContract(
          sensor: .respiration, channels: [Channel(name: "chest", unit: "1")], shape: [1, 150], sampleRateHz: 5),
      ]
    }
  }

  /// That of psg-synthetic, and that of pmd-tasks.
  var encoder: EncoderRecipe {
    EncoderRecipe(SharedEncoder.self) { options in
      if self == .map {
        options.width = 128
        (options.map.channels, options.map.kernel) = ([16, 32, 64, 64], 3)
        options.trunk.kind = .mean
      } else {
        options.width = 32
        (options.signal.channels, options.signal.kernel) = ([16, 32, 32], 7)
        (options.signal.stride, options.signal.tokens) = (4, 4)
      }
    }
  }

  /// That of demo-nights.
  var context: ContextRecipe {
    ContextRecipe(BiLSTM.self) { $0.hidden = 32 }
  }

  /// Recordings, of as many people, and the windows of each.
  private var size: (recordings: Int, windows: Int) {
    switch self {
    case .psg, .map: (2, 256)
    case .nights, .sensors: (16, 240)
    }
  }

  /// The corpus, which a peer reads too; it is written once.
  func source(in folder: URL) throws -> WindowSource {
    let url = corpus(in: folder)
    if !FileManager.default.fileExists(atPath: url.path) {
      let writer = try CorpusWriter(url, dataset: "noise", labels: nil)
      for recording in 0..<size.recordings {
        let sensors = contracts.enumerated().map { place, contract in
          let noise = noise(size.windows * contract.size, seed: UInt64(recording + 7 + 100 * place))
          // Pressure is not negative.
          return SensorWindows(contract: contract, values: contract.sensor.isMap ? noise.map(abs) : noise)
        }
        try writer.write(
          RecordingWindows(
            id: "n\(10 + recording)", subject: Subject("S\(recording)"),
            labels: [Int8](repeating: -1, count: size.windows), sensors: sensors))
      }
      _ = try writer.finish()
    }
    return try WindowSource(Corpus(url), sensors: contracts.map(\.sensor))
  }

  func corpus(in folder: URL) -> URL { folder.appendingPathComponent("corpus-\(rawValue)") }

  /// Writes the quantities that tasks of nights tell of each window, which either side computes once in a training.
  func writeProfiles(in folder: URL) throws {
    let url = folder.appendingPathComponent("\(rawValue)-profiles.npy")
    guard !FileManager.default.fileExists(atPath: url.path) else { return }
    let source = try source(in: folder)
    let values = try source.recordings.flatMap { try NightProfile(source, recording: $0).values }
    try NpyArray(shape: [size.recordings * size.windows, NightProfile.width(contracts)], values: values).write(to: url)
  }
}
