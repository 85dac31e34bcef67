import Corpora

/// The training batches of a recipe: single windows or sequences.
struct TrainingBatches {
  private enum Sampler {
    case windows(WindowSampler)
    case sequences(SequenceSampler)
  }

  private let sampler: Sampler
  private let reader: BatchReader

  init(_ recipe: FineTuningRecipe, _ source: WindowSource, seed: UInt64) {
    reader = BatchReader([source])
    sampler =
      recipe.sequence <= 1
      ? .windows(
        WindowSampler(
          [source], batchSize: recipe.batch, onlyLabelled: true, balance: recipe.balance, seed: seed))
      : .sequences(
        SequenceSampler(
          source, length: recipe.sequence, stride: recipe.stride > 0 ? recipe.stride : recipe.sequence,
          batchSize: recipe.batch, onlyLabelled: true, seed: seed))
  }

  var stepsInEpoch: Int { plans(0).count }

  func epoch(_ number: Int) -> Prefetcher { Prefetcher(plans(number), reader: reader) }

  private func plans(_ number: Int) -> [BatchPlan] {
    switch sampler {
    case .windows(let sampler): sampler.epoch(number)
    case .sequences(let sampler): sampler.epoch(number)
    }
  }
}
