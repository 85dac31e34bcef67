public import Corpora
import Downstream
import Encoders
public import Foundation
import Layers
import NumPy
import SleepCore
import Tensors
import Training

/// `ssrm embed`: the vectors that a run's encoder makes of a corpus.
public enum EmbeddingRun {
  /// Writes `<recording>/<sensor>.npy`, `[windows, width]`, for every recording; NaN where the sensor did not measure.
  ///
  /// - Parameters:
  ///   - run: A run of `ssrm pretrain` or `ssrm finetune`, or a checkpoint of one.
  ///   - out: A new folder.
  /// - Returns: How many windows of which width were embedded.
  /// - Throws: ``FitError`` where the corpus has none of the encoder's sensors, or others.
  @discardableResult
  public static func run(
    _ run: URL, corpus: Corpus, out: URL, silent: Bool = false
  ) throws -> (windows: Int, width: Int) {
    let device = try Device(named: "auto")
    let checkpoint = try Checkpoint(of: run)
    let store = try ParameterStore(seed: 0, device: device)
    let tuning = checkpoint.recipe.finetuning
    guard checkpoint.isEncoder || checkpoint.recipe.model == Recipe.recogniser && tuning.ensemble <= 1 else {
      throw RecipeError(
        path: run.path,
        problem: tuning.ensemble > 1 ? "an ensemble" : "the published system '\(checkpoint.recipe.model)'",
        wanted: "a run with one encoder")
    }
    let scaling = try InputScaling(
      store.root("scaling"), checkpoint.isEncoder ? .none : tuning.scaling, inputs: checkpoint.inputs)
    let encoder = try checkpoint.recipe.encoder.make(store.root("encoder"), inputs: checkpoint.inputs)
    for part in ["encoder.", "scaling."] { try store.load(checkpoint.file, under: part) }
    let present = checkpoint.inputs.filter { input in corpus.sensors.contains { $0.sensor == input.sensor } }
    try corpus.check(fits: present.isEmpty ? checkpoint.inputs : present, scheme: nil, run: run.path)
    return try out.writingWhole { folder in
      let progress = Progress("embed recording", total: corpus.recordings.count, silent: silent)
      defer { progress.finish() }
      var windows = 0
      for (position, recording) in corpus.recordings.enumerated() {
        try Interruption.check()
        let own = folder.appendingPathComponent(recording.id)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        for sensor in present.map(\.sensor) where recording.validWindows[sensor] != nil {
          let vectors = try embed(
            WindowSource(corpus, sensors: [sensor]), recording: position, sensor, encoder, scaling, device)
          try NpyArray(shape: [recording.windows, encoder.width], values: vectors)
            .write(to: own.appendingPathComponent("\(sensor.rawValue).npy"))
          windows += recording.windows
        }
        progress.advance(by: 1, recording.id)
      }
      return (windows, encoder.width)
    }
  }

  private static func embed(
    _ source: WindowSource, recording: Int, _ sensor: Sensor, _ encoder: any Encoder, _ scaling: InputScaling,
    _ device: Device
  ) throws -> [Float] {
    let reader = BatchReader([source])
    var vectors: [Float] = []
    for plan in source.plans(recording: recording, length: 1, stride: 1, batchSize: 512) {
      let batch = try reader.read(plan)
      let windows = try Tensor(batch.values, shape: batch.shape).to(device)
      let values = try LibTorch.withoutGradients {
        try encoder(scaling(windows, of: sensor), of: sensor, .inference).values(Float.self)
      }
      vectors += values.enumerated().map { batch.mask[$0 / encoder.width] == 0 ? .nan : $1 }
    }
    return vectors
  }
}
