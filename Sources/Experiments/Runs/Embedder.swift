import Corpora
import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training

/// A run's encoder, on a corpus.
struct Embedder {
  /// Those of the encoder's sensors that the corpus has.
  let sensors: [Sensor]
  private let corpus: Corpus
  private let encoder: any Encoder
  private let scaling: InputScaling
  private let device: Device

  /// - Parameter run: A run of `ssrm pretrain` or `ssrm finetune`, or a checkpoint of one.
  /// - Throws: ``FitError`` where the corpus has none of the encoder's sensors, or others; ``RecipeError`` of a run that has not
  ///   one encoder.
  init(_ run: URL, corpus: Corpus) throws {
    device = try Device.ofRun("auto")
    let file = try ModelFile(of: run)
    let store = try ParameterStore(seed: 0, device: device, bound: ParameterStore.Bound(file.weights))
    let tuning = file.recipe.finetuning
    guard let recipe = file.recipe.pretrainedEncoder, file.kind == .encoder || tuning.ensemble <= 1 else {
      throw RecipeError(
        path: run.path,
        problem: tuning.ensemble > 1 ? "an ensemble" : "'\(file.recipe.model)', which has no encoder of its own",
        wanted: "a run with one encoder")
    }
    scaling = try InputScaling(
      store.root("scaling"), file.kind == .encoder ? .none : tuning.scaling, inputs: file.contracts)
    encoder = try recipe.make(
      store.root("encoder").changing(by: file.kind == .encoder ? nil : tuning.lowRankChange), inputs: file.contracts)
    for part in ["encoder.", "scaling."] { try store.load(file.weights, under: part) }
    let present = file.contracts.filter { input in corpus.contracts.contains { $0.sensor == input.sensor } }
    try corpus.check(fits: present.isEmpty ? file.contracts : present, scheme: nil, run: run.path)
    sensors = present.map(\.sensor)
    self.corpus = corpus
  }

  /// Numbers in a vector.
  var width: Int { encoder.width }

  /// `[windows, width]`; NaN where the sensor did not measure.
  func vectors(recording: Int, of sensor: Sensor) throws -> [Float] {
    let source = try WindowSource(corpus, sensors: [sensor])
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
