package import Corpora
import Layers
package import SleepCore
package import Tensors
package import Training

/// A model as it is trained: with changed inputs, or, where its encoder stays as it is and nothing changes its inputs, on
/// vectors that are computed once.
package final class TrainedView {
  private let model: any RecognitionModel
  private let augmentation: Augmentation
  private let device: Device
  /// Set where vectors are kept: the model itself.
  private let recogniser: Recogniser?
  private var table: VectorTable?
  private let recipe: FineTuningRecipe
  private let source: WindowSource
  /// Whether the encoder learns, so that people's means move.
  private let moves: Bool
  /// Set where people's vectors are centred.
  private var centres: PersonCentres?
  private let dropout: SensorDropout?
  private let countsHits: Bool
  private var hits = (right: 0, of: 0)

  /// - Parameters:
  ///   - source: The training windows.
  ///   - countsHits: Whether ``takeAccuracy()`` is wanted.
  ///   - dropout: How sensors are left out of sequences; none is where `nil`.
  package init(
    _ model: any RecognitionModel, transfer: TransferProtocol, _ recipe: FineTuningRecipe, _ source: WindowSource,
    device: Device, countsHits: Bool = false, leavingOut dropout: SensorDropout? = nil
  ) throws {
    (self.recipe, self.source) = (recipe, source)
    moves = transfer.trainsEncoder
    guard recipe.adaptation.centring == .none || model is Recogniser else {
      throw ModelError.centring
    }
    self.dropout = dropout
    self.countsHits = countsHits
    augmentation = recipe.augmentation
    self.device = device
    let isStill = !transfer.trainsEncoder || transfer == .fineTuned && recipe.keepsStatistics
    self.model = isStill ? model.freezingEncoder() : model
    let changed =
      recipe.synthetic != .none || model.inputs.contains { recipe.augmentation.changes($0.sensor) }
    recogniser =
      transfer.trainsEncoder || changed ? nil : (self.model as? Recogniser).flatMap { $0.keepsVectors ? $0 : nil }
  }

  /// Called before each epoch.
  package func begin() throws {
    guard recipe.adaptation.centring != .none, moves || centres == nil, let recogniser = model as? Recogniser else {
      return
    }
    centres = try PersonCentres(recipe, recogniser, source, device: device)
  }

  /// The loss of a training batch; `nil` where no window has a label.
  package func loss(
    _ batch: Batch, scheme: LabelScheme, classWeights: Tensor?, labelSmoothing: Double,
    _ generator: Generator
  ) throws -> Tensor? {
    var inputs = try DeviceBatch(batch, on: device, withInputs: recogniser == nil)
    if recogniser == nil { inputs = try augmentation(inputs, scheme: scheme, generator: generator) }
    if let dropout { inputs = dropout(inputs) }
    guard inputs.isLabelled else { return nil }
    let scores: Tensor
    if let recogniser {
      let table = try table ?? VectorTable(recogniser, source, on: device)
      self.table = table
      let vectors = try table(batch)
      scores = try recogniser.scores(
        vectors: centres.map { try $0(vectors, batch.windows, inputs) } ?? vectors, inputs, .training(generator))
    } else if let centres, let recogniser = model as? Recogniser {
      let vectors = try centres(recogniser.vectors(inputs, .training(generator)), batch.windows, inputs)
      scores = try recogniser.scores(vectors: vectors, inputs, .training(generator))
    } else {
      scores = try model.scores(inputs, .training(generator))
    }
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
}
