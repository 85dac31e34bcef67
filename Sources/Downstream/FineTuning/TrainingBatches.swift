import Corpora
import SleepCore

/// The training batches of a recipe: single windows or sequences.
struct TrainingBatches {
  private enum Sampler {
    case windows(WindowSampler)
    case sequences(SequenceSampler)
  }

  private let sampler: Sampler
  private let reader: BatchReader
  private let synthetic: SyntheticWindows?
  private let anew: Bool
  private let seed: UInt64

  init(_ recipe: FineTuningRecipe, _ source: WindowSource, seed: UInt64) throws {
    reader = BatchReader([source])
    self.seed = seed
    anew = recipe.balanceAnew
    synthetic = recipe.synthetic == .none ? nil : try SyntheticWindows(source, below: recipe.balanceTo)
    let quota =
      recipe.balanceTo <= 0
      ? nil : WindowSampler.Quota(windowsPerClass: recipe.balanceTo, isDrawnAnew: recipe.balanceAnew)
    sampler =
      recipe.sequence <= 1
      ? .windows(
        WindowSampler(
          [source], batchSize: recipe.batch, onlyLabelled: true, balance: recipe.balance, quota: quota, seed: seed))
      : .sequences(
        SequenceSampler(
          source, length: recipe.sequence, stride: recipe.stride > 0 ? recipe.stride : recipe.sequence,
          batchSize: recipe.batch, onlyLabelled: true, seed: seed))
  }

  var stepsInEpoch: Int { plans(0).count }

  /// - Parameter taken: Batches of it that were given already.
  func epoch(_ number: Int, after taken: Int = 0) -> TrainingEpoch {
    let plans = plans(number)
    return TrainingEpoch(
      Prefetcher(Array(plans.dropFirst(taken)), reader: reader), after: plans.prefix(taken).flatMap(\.windows),
      synthetic: synthetic, seed: seed, use: "synthetic windows of epoch \(anew ? number : 0)")
  }

  private func plans(_ number: Int) -> [BatchPlan] {
    switch sampler {
    case .windows(let sampler): sampler.epoch(number)
    case .sequences(let sampler): sampler.epoch(number)
    }
  }
}

/// The batches of one epoch; a window that comes again is a synthetic one, where there are such.
final class TrainingEpoch {
  private let batches: Prefetcher
  private let synthetic: SyntheticWindows?
  private let seed: UInt64
  private let use: String
  /// How often each window has come.
  private var seen: [WindowReference: Int] = [:]

  /// - Parameter earlier: The windows that have come before the batches.
  init(
    _ batches: Prefetcher, after earlier: [WindowReference], synthetic: SyntheticWindows?, seed: UInt64, use: String
  ) {
    if synthetic != nil { for window in earlier { seen[window, default: 0] += 1 } }
    self.batches = batches
    self.synthetic = synthetic
    self.seed = seed
    self.use = use
  }

  /// The next batch; `nil` after the last.
  func next() throws -> Batch? {
    guard var batch = try batches.next() else { return nil }
    guard let synthetic else { return batch }
    for (position, window) in batch.windows.enumerated() {
      let time = seen[window, default: 0]
      seen[window] = time + 1
      guard time > 0 else { continue }
      // By window and not by place, so that the same windows come in every epoch that is not drawn anew.
      var random = RandomSource(seed: seed, for: "\(use): \(window.recording) \(window.window) \(time)")
      synthetic.replace(position, in: &batch, using: &random)
    }
    return batch
  }
}
