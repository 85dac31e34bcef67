import Corpora
import Layers
import SleepCore
import Tensors
import Training

/// Puts the batch norms of a model on the statistics of one person's own windows, for as long as that person is predicted.
struct PersonStatistics {
  private let recipe: FineTuningRecipe
  private let store: ParameterStore
  private let device: Device

  init(_ recipe: FineTuningRecipe, _ store: ParameterStore, device: Device) {
    (self.recipe, self.store, self.device) = (recipe, store, device)
  }

  /// Enough for running statistics to have forgotten those of the training: at a momentum of 0.1, 1 part in 100 of them is left.
  private static let batches = 44

  /// - Parameters:
  ///   - source: The person's recordings alone.
  ///   - body: What is done meanwhile; statistics are those of the training again after it.
  func during<Result>(
    _ model: any RecognitionModel, _ source: WindowSource, _ body: () throws -> Result
  ) throws -> Result {
    let buffers = store.entries.filter { $0.kind == .buffer }.map(\.tensor)
    let kept = try buffers.map { try $0.clone() }
    defer {
      for (buffer, value) in zip(buffers, kept) {
        // Copies of the same shapes on the same device.
        do { try buffer.assign(value) } catch { preconditionFailure("a buffer cannot take its own value: \(error)") }
      }
    }
    try settle(model, source)
    return try body()
  }

  private func settle(_ model: any RecognitionModel, _ source: WindowSource) throws {
    try LibTorch.withoutGradients { try read(model, source) }
  }

  private func read(_ model: any RecognitionModel, _ source: WindowSource) throws {
    let mode = Mode.training(try Generator(seed: 0x9e12))
    let reader = BatchReader([source])
    var (seen, epoch) = (0, 0)
    while seen < Self.batches {
      let plans = self.plans(source, epoch: epoch).prefix(Self.batches - seen)
      guard !plans.isEmpty else { return }
      for plan in plans {
        try Interruption.check()
        let batch = try DeviceBatch(reader.read(plan), on: device)
        // A batch norm has no statistics of one window.
        if batch.mask.count(where: { $0 }) > 1 { _ = try model.scores(batch, mode) }
        seen += 1
      }
      epoch += 1
    }
  }

  private func plans(_ source: WindowSource, epoch: Int) -> [BatchPlan] {
    guard recipe.sequence > 1 else {
      return WindowSampler([source], batchSize: 128, seed: 0x9e12).epoch(epoch)
    }
    return SequenceSampler(
      source, length: recipe.sequence, stride: recipe.stride > 0 ? recipe.stride : recipe.sequence,
      batchSize: recipe.batch, seed: 0x9e12
    ).epoch(epoch)
  }
}
