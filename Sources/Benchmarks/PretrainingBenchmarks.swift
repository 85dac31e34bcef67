import Corpora
import Encoders
import Foundation
import Layers
import NumPy
import SleepCore
import Tensors
import Training
import Upstream

/// A step of pretraining as `ssrm pretrain` takes it: a batch of 256 read from a corpus, views or masks, loss, gradient, AdamW.
enum PretrainingBenchmarks {
  static let all = objectives.flatMap { objective in
    objective.kinds.map { benchmark(objective, of: $0) }
  }

  /// What windows are of, with the network of a recipe that reads them.
  enum Windows: String, Sendable {
    case psg, map

    var title: String { self == .psg ? "PSG of 4 x 3000" : "maps of 64 x 32" }

    var contract: WindowContract {
      switch self {
      case .psg:
        WindowContract(
          sensor: .psg, channels: ["EEG 1", "EEG 2", "EOG", "EMG"].map { Channel(name: $0, unit: "uV") },
          shape: [4, 3000],
          sampleRateHz: 100)
      case .map: WindowContract(sensor: .pressureMap, shape: [64, 32])
      }
    }

    /// That of psg-synthetic, and that of pmd-tasks.
    var encoder: EncoderRecipe {
      EncoderRecipe(SharedEncoder.self) { options in
        switch self {
        case .psg:
          options.width = 32
          (options.signal.channels, options.signal.kernel) = ([16, 32, 32], 7)
          (options.signal.stride, options.signal.tokens) = (4, 4)
        case .map:
          options.width = 128
          (options.map.channels, options.map.kernel) = ([16, 32, 64, 64], 3)
          options.trunk.kind = .mean
        }
      }
    }
  }

  private struct Objective: Sendable {
    let task: TaskRecipe
    let title: String
    let kinds: [Windows]
  }

  private static let objectives: [Objective] = [
    Objective(task: TaskRecipe(ContrastTask.self), title: "contrast of two changed copies", kinds: [.psg, .map]),
    Objective(
      task: TaskRecipe(ViewsTask.self) { $0.negatives = .all },
      title: "search for the window and its view, two changed copies in every view", kinds: [.psg, .map]),
    Objective(
      task: TaskRecipe(RotationTask.self) { $0.negatives = .all },
      title: "search for the window and its turn, two changed copies in every turn", kinds: [.psg, .map]),
    Objective(task: TaskRecipe(FrequencyTask.self), title: "masked spectrograms", kinds: [.psg]),
    Objective(task: TaskRecipe(MaskedTask.self), title: "masked patches", kinds: [.psg, .map]),
    Objective(task: TaskRecipe(VICRegTask.self), title: "VICReg", kinds: [.psg]),
    Objective(task: TaskRecipe(BYOLTask.self), title: "BYOL", kinds: [.psg]),
    Objective(task: TaskRecipe(ArrowTask.self), title: "arrow of time", kinds: [.psg]),
  ]

  private static func benchmark(_ objective: Objective, of windows: Windows) -> Benchmark {
    Benchmark(
      name: "\(objective.task.name)-\(windows.rawValue)",
      title: "pretraining step, \(windows.title), batch 256: \(objective.title)", peer: "PyTorch", target: .times(3),
      rounds: 3, passes: 3
    ) { folder in
      let source = try source(of: windows.contract, in: folder)
      let store = try ParameterStore(seed: 1)
      let network = try PretextNetwork(store, encoder: windows.encoder, inputs: [windows.contract])
      var recipe = PretrainingRecipe()
      // More steps than will be timed, so that the rate does not end at 0.
      (recipe.tasks, recipe.batch, recipe.epochs, recipe.steps) = ([objective.task], 256, 1, 10_000)
      let training = try Pretrainer(recipe, seed: 1).steps(network, sources: [source])
      var step = 0
      return {
        guard let loss = try training.loss(step: step) else { return 0 }
        try training.stepped(try training.loop.step(loss))
        step += 1
        return Double(store.parameterCount)
      }
    }
  }

  /// 512 windows of noise of two people as a corpus, and as an array for the peer.
  static func source(of contract: WindowContract, in folder: URL) throws -> WindowSource {
    let url = folder.appendingPathComponent("corpus-\(contract.sensor.rawValue)")
    if !FileManager.default.fileExists(atPath: url.path) {
      let writer = try CorpusWriter(url, dataset: "noise", labels: nil)
      let nights = (0..<2).map { night in
        let noise = noise(256 * contract.size, seed: UInt64(night + 7))
        // Pressure is not negative.
        return contract.sensor.isMap ? noise.map(abs) : noise
      }
      for (night, values) in nights.enumerated() {
        try writer.write(
          RecordingWindows(
            id: "n\(night)", subject: Subject("S\(night)"), labels: [Int8](repeating: -1, count: 256),
            sensors: [SensorWindows(contract: contract, values: values)]))
      }
      _ = try writer.finish()
      try NpyArray(shape: [512] + contract.shape, values: nights.flatMap(\.self))
        .write(to: folder.appendingPathComponent("\(contract.sensor.rawValue).npy"))
    }
    return try WindowSource(Corpus(url), sensors: [contract.sensor])
  }
}
