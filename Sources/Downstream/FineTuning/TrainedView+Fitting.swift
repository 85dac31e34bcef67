package import Corpora
import Layers
import SleepCore
import Tensors
import Training

extension TrainedView {
  /// Computes the head from the labelled windows of the training part, unchanged, where it is one that is not trained.
  ///
  /// Windows that stand alone are read alone, others in sequences as prediction reads them.
  package func fit(_ source: WindowSource, _ recipe: FineTuningRecipe, seed: UInt64) throws {
    guard let fitting = model.fitting else { return }
    try begin(isRead: true)
    let reader = BatchReader([source])
    var (parts, labels): ([Tensor], [Int]) = ([], [])
    try LibTorch.withoutGradients {
      for plan in plans(source, recipe) {
        let batch = try reader.read(plan)
        let places = batch.labels.indices.filter { batch.labels[$0] >= 0 }
        let inputs = try headInputs(batch, fitting)
        parts.append(
          try inputs.reshaped([-1, inputs.shape[2]])
            .select(0, indices: Tensor(places.map(Int64.init)).to(inputs.device)))
        labels += places.map { Int(batch.labels[$0]) }
      }
      try fitting.head.fit(.concatenate(parts, axis: 0), labels: labels, seed: seed)
    }
  }

  private func plans(_ source: WindowSource, _ recipe: FineTuningRecipe) -> [BatchPlan] {
    source.recordings.flatMap { recording -> [BatchPlan] in
      let labelled = source.labelled(recording: recording).map(\.window)
      guard !labelled.isEmpty else { return [] }
      guard recipe.sequence > 1 else {
        return stride(from: 0, to: labelled.count, by: 512).map {
          BatchPlan(sensors: source.sensors, length: 1, windows: Array(labelled[$0..<min($0 + 512, labelled.count)]))
        }
      }
      let length = recipe.predictionStride > 0 ? recipe.sequence : source.store.recordings[recording].windows
      return source.plans(
        recording: recording, length: length, stride: length, batchSize: max(1, 1024 / length))
    }
  }
}
