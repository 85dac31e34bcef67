import Corpora
import Experiments
import Foundation
import NumPy
import Preparation
import Readers
import SleepCore
import Tensors

/// Raw nights of eight people, a corpus of them, and one run of each kind, as the commands leave them: small, and made in a second.
struct SmallStudy {
  static let people = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"]
  private static let windows = 12
  private static let text = """
    name: small
    sensors: [heart-rate]
    labels: w-nrem-rem
    device: cpu
    encoder:
      width: 4
      signal: {channels: [2, 4], kernel: 3, tokens: 2}
    pretraining: {tasks: [{task: views}], batch: 16, epochs: 1, steps: 1}
    head: {kind: linear}
    finetuning: {batch: 64, epochs: 1}
    split: {kind: k-fold, folds: 2, validation: 0.3}
    comparison:
      arms: [scratch, majority, clock]
      budgets: [all]
      seeds: 1
      curves: true
      search: {trials: 2, folds: 2, values: {finetuning.optimization.learning_rate: [0.01, 0.001]}}
    """

  let folder: URL
  var raw: URL { folder.appendingPathComponent("raw") }
  var encoder: URL { folder.appendingPathComponent("encoder") }
  var model: URL { folder.appendingPathComponent("model") }
  var comparison: URL { folder.appendingPathComponent("comparison") }

  func recipe() throws -> Recipe { try Recipe.parse(Self.text, path: "small.yaml") }
  func corpus() throws -> Corpus { try Corpus(folder.appendingPathComponent("corpus")) }

  /// Makes all of it.
  func make() throws {
    LibTorch.threads = 1
    for (number, person) in Self.people.enumerated() {
      let night = raw.appendingPathComponent("\(person)_1")
      try FileManager.default.createDirectory(at: night, withIntermediateDirectories: true)
      let values = (0..<Self.windows * 30).map { Float(($0 * 7 + number) % 11) }
      try NpyArray(shape: [Self.windows, 1, 30], values: values).write(
        to: night.appendingPathComponent("heart-rate.npy"))
      try NpyArray(shape: [Self.windows], values: (0..<Self.windows).map { [0, 2, 2, 4][$0 / 3] as Int8 })
        .write(to: night.appendingPathComponent("labels.npy"))
    }
    let card = Card(
      name: "npy", title: "", citation: "", licence: "", labels: .stages,
      preprocessing: Preprocessing(sensors: [.heartRate: SensorPreprocessing(sampleRateHz: 1)]))
    _ = try Preparation(reader: NpyReader.stages, card: card, options: .init(jobs: 1))
      .run(raw: raw, out: folder.appendingPathComponent("corpus"))
    _ = try PretrainingRun.run(recipe(), corpora: [corpus()], out: encoder, silent: true)
    _ = try FineTuningRun.run(recipe(), corpus: corpus(), initial: nil, out: model, silent: true)
    try compare()
  }

  /// Makes the comparison, or goes on with it.
  func compare() throws {
    var options = Comparison.Options()
    options.silent = true
    _ = try Comparison(recipe(), corpora: [corpus()], options: options).run(out: comparison)
  }
}
