import Encoders
package import Corpora
import Layers
package import SleepCore
package import Tensors
import Training

/// A model as it is trained: with changed inputs, or, where its encoder stays as it is and nothing changes its inputs, on
/// vectors that are computed once.
package final class TrainedView {
  private let model: any RecognitionModel
  private let augmentation: Augmentation
  private let device: Device
  /// Set where vectors are kept.
  private let recogniser: Recogniser?
  private var table: Tensor?
  /// Row of each recording's first window.
  private var rows: [Int: Int] = [:]
  private let countsHits: Bool
  private var hits = (right: 0, of: 0)

  /// - Parameter countsHits: Whether ``takeAccuracy()`` is wanted.
  package init(
    _ model: any RecognitionModel, transfer: TransferProtocol, _ recipe: FineTuningRecipe, device: Device,
    countsHits: Bool = false
  ) {
    self.countsHits = countsHits
    augmentation = recipe.augmentation
    self.device = device
    let isStill = !transfer.trainsEncoder || transfer == .fineTuned && recipe.keepsStatistics
    self.model = isStill ? model.freezingEncoder() : model
    let changed =
      recipe.synthetic != .none || model.inputs.contains { recipe.augmentation.changes($0.sensor) }
    recogniser = transfer.trainsEncoder || changed ? nil : self.model as? Recogniser
  }

  /// The loss of a training batch; `nil` where no window has a label.
  package func loss(
    _ batch: Batch, _ source: WindowSource, scheme: LabelScheme, classWeights: Tensor?, labelSmoothing: Double,
    _ generator: Generator
  ) throws -> Tensor? {
    var inputs = try DeviceBatch(batch, on: device)
    let model: any RecognitionModel
    if let recogniser {
      model = Precomputed(recogniser, features: try features(of: batch, source, recogniser))
    } else {
      inputs = try augmentation(inputs, scheme: scheme, generator: generator)
      model = self.model
    }
    guard try inputs.labels.values(Int64.self).contains(where: { $0 >= 0 }) else { return nil }
    let scores = try model.scores(inputs, .training(generator))
    if countsHits {
      let (right, count) = try model.hits(scores, inputs)
      hits = (hits.right + right, hits.of + count)
    }
    return try model.loss(of: scores, inputs, classWeights: classWeights, labelSmoothing: labelSmoothing)
  }

  /// The share of labelled windows that were right in the training batches since the last call; `nil` without any.
  package func takeAccuracy() -> Double? {
    defer { hits = (0, 0) }
    return hits.of == 0 ? nil : Double(hits.right) / Double(hits.of)
  }

  /// The kept vectors of a batch, `[batch, length, width]`; zeros for padding.
  private func features(of batch: Batch, _ source: WindowSource, _ recogniser: Recogniser) throws -> Tensor {
    let table = try self.table ?? fill(source, recogniser)
    let padding = Int64(table.shape[0] - 1)
    let indices = batch.windows.map { window in
      window.window < 0 ? padding : Int64((rows[window.recording] ?? 0) + window.window)
    }
    return try table.select(0, indices: Tensor(indices).to(device)).reshaped([batch.count, batch.length, -1])
  }

  private func fill(_ source: WindowSource, _ recogniser: Recogniser) throws -> Tensor {
    var parts: [Tensor] = []
    var count = 0
    let reader = BatchReader([source])
    for recording in source.recordings {
      rows[recording] = count
      count += source.store.recordings[recording].windows
      for plan in source.plans(recording: recording, length: 1, stride: 1, batchSize: 512) {
        let batch = try DeviceBatch(reader.read(plan), on: device)
        parts.append(
          try LibTorch.withoutGradients { try recogniser.features(batch, .inference).reshaped([batch.count, -1]) })
      }
    }
    // What the model itself sees where a sequence is padded.
    let padding = BatchPlan(
      sensors: source.sensors, length: 1,
      windows: [WindowReference(recording: source.recordings.first ?? 0, window: -1)])
    let batch = try DeviceBatch(reader.read(padding), on: device)
    parts.append(
      try LibTorch.withoutGradients { try recogniser.features(batch, .inference).reshaped([batch.count, -1]) })
    let table = try Tensor.concatenate(parts, axis: 0)
    self.table = table
    return table
  }
}

/// A recogniser whose vectors are there already.
private struct Precomputed: RecognitionModel {
  private let recogniser: Recogniser
  private let features: Tensor

  init(_ recogniser: Recogniser, features: Tensor) {
    self.recogniser = recogniser
    self.features = features
  }

  var inputs: [WindowContract] { recogniser.inputs }
  var classes: Int { recogniser.classes }
  var chain: ConditionalRandomField? { recogniser.chain }

  func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try recogniser.scores(features: features, mode)
  }
}
