package import Corpora
package import Layers
package import SleepCore
package import Tensors
package import Training

/// A model as it is trained: with changed inputs, or, where its encoder stays as it is and nothing changes its inputs, on
/// vectors that are computed once.
package final class TrainedView {
  private(set) var model: any RecognitionModel
  /// What is trained once encoder and context learn.
  private let thawed: any RecognitionModel
  /// What is trained before they do, and whether its vectors are kept.
  private let waiting: (model: any RecognitionModel, recogniser: Recogniser?)
  private let augmentation: Augmentation
  private let device: Device
  /// Set where vectors are kept: the model itself.
  private var recogniser: Recogniser?
  private var table: VectorTable?
  private let recipe: FineTuningRecipe
  private let source: WindowSource
  private let transfer: TransferProtocol
  /// Whether the encoder learns, so that people's means move: not while its vectors are kept.
  private var moves: Bool { transfer.trainsEncoder && recogniser == nil }
  /// Set where people's vectors are centred.
  private var centres: PersonCentres?
  private let dropout: SensorDropout?
  private let countsHits: Bool
  private let ordinal: Double
  /// Where vectors are kept, and the encoder's name there by its description.
  private let kept: (_ description: String) throws -> (folder: VectorFolder, encoder: String)?
  private var hits = (right: 0, of: 0)

  /// - Parameters:
  ///   - source: The training windows.
  ///   - countsHits: Whether ``takeAccuracy()`` is wanted.
  ///   - dropout: How sensors are left out of sequences; none is where `nil`.
  ///   - vectors: Where vectors are kept, with the store of the model's weights.
  package init(
    _ model: any RecognitionModel, transfer: TransferProtocol, _ recipe: FineTuningRecipe, _ source: WindowSource,
    device: Device, countsHits: Bool = false, leavingOut dropout: SensorDropout? = nil,
    vectors: (folder: VectorFolder, store: ParameterStore)? = nil
  ) throws {
    (self.recipe, self.source, self.transfer) = (recipe, source, transfer)
    guard recipe.adaptation.centring == .none || model is Recogniser else {
      throw ModelError.centring
    }
    self.dropout = dropout
    self.countsHits = countsHits
    ordinal = recipe.ordinal
    kept = { description in
      try vectors.map { folder, store in
        let entries = store.entries.filter { $0.name.hasPrefix("encoder.") }
        return (folder, try VectorFolder.name(description, entries, on: device))
      }
    }
    augmentation = recipe.augmentation
    self.device = device
    let (tunes, frozen) = (transfer == .fineTuned, model.freezingEncoder())
    thawed = !transfer.trainsEncoder || tunes && (recipe.keepsStatistics || recipe.addsParameters) ? frozen : model
    let first = tunes && recipe.thaw > 0 ? frozen : thawed
    // What is added behind the encoder, or waits for it, leaves its vectors as they are.
    let learns = transfer.trainsEncoder && !(tunes && recipe.lowRank == 0 && (recipe.adapter > 0 || recipe.thaw > 0))
    let changed =
      recipe.synthetic != .none || model.inputs.contains { recipe.augmentation.changes($0.sensor) }
    let own = learns || changed ? nil : (first as? Recogniser).flatMap { $0.keepsVectors ? $0 : nil }
    waiting = (first, own)
    self.model = first
    recogniser = own
  }

  /// Whether encoder and context learn from now on, where they wait for it.
  package func setThawed(_ isThawed: Bool) {
    model = isThawed ? thawed : waiting.model
    recogniser = isThawed ? nil : waiting.recogniser
    table = nil
  }

  /// Called before each epoch, and before a head is computed.
  ///
  /// - Parameter isRead: Whether windows are read as prediction reads them: with the means of all of a person's windows, also where the encoder
  ///   learns.
  package func begin(isRead: Bool = false) throws {
    guard recipe.adaptation.centring != .none, moves ? isRead : centres == nil, let recogniser = model as? Recogniser
    else { return }
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
    let scores = try scores(batch, inputs, .training(generator))
    if countsHits {
      let (right, count) = try model.hits(scores, inputs)
      hits = (hits.right + right, hits.of + count)
    }
    return try model.loss(
      of: scores, inputs, classWeights: classWeights, labelSmoothing: labelSmoothing,
      softLabels: ordinal > 0 ? SoftLabels(scheme, spread: ordinal) : nil)
  }

  private func scores(_ batch: Batch, _ inputs: DeviceBatch, _ mode: Mode) throws -> Tensor {
    if let recogniser {
      return try recogniser.scores(vectors: centred(table(of: recogniser)(batch), batch, inputs), inputs, mode)
    }
    guard recipe.adaptation.centring != .none, moves, let recogniser = model as? Recogniser else {
      guard !(model is Recogniser), model.fitting == nil else {
        return try model.scores(inputs, batch.windows, centres, mode)
      }
      return try Precision.forward(on: device) { try model.scores(inputs, mode) }
    }
    let vectors = try recogniser.vectors(inputs, mode)
    let own = try PersonCentres(recipe.adaptation.centring, vectors, batch.windows, inputs, source)
    return try recogniser.scores(vectors: own(vectors, batch.windows, inputs), inputs, mode)
  }

  private func centred(_ vectors: Tensor, _ batch: Batch, _ inputs: DeviceBatch) throws -> Tensor {
    try centres.map { try $0(vectors, batch.windows, inputs) } ?? vectors
  }

  /// What a head that is computed reads of a batch, `[batch, length, inputs]`.
  func headInputs(_ batch: Batch, _ fitting: Fitting) throws -> Tensor {
    let inputs = try DeviceBatch(batch, on: device, withInputs: recogniser == nil)
    guard let reader = recogniser ?? (centres == nil ? nil : model as? Recogniser) else {
      return try fitting.inputs(inputs)
    }
    let vectors = try recogniser.map { try table(of: $0)(batch) } ?? reader.vectors(inputs, .inference)
    return try reader.headInputs(vectors: centred(vectors, batch, inputs), inputs, .inference)
  }

  /// The vectors of all training windows, computed when they are first wanted.
  private func table(of recogniser: Recogniser) throws -> VectorTable {
    if let table { return table }
    // They outlive the step, and other trainings may read them.
    let made = try Precision.float32.inStep {
      try VectorTable(recogniser, source, on: device, kept: kept(recogniser.description))
    }
    table = made
    return made
  }

  /// The share of labelled windows that were right in the training batches since the last call; `nil` without any.
  package func takeAccuracy() -> Double? {
    defer { hits = (0, 0) }
    return hits.of == 0 ? nil : Double(hits.right) / Double(hits.of)
  }
}

extension TrainedView: Resumable {
  package func save(to state: inout TrainingState, as name: String) throws {
    try dropout?.save(to: &state, as: "\(name)/dropout")
    try state.put("\(name)/hits", [hits.right, hits.of])
  }

  package func load(from state: TrainingState, as name: String) throws {
    try dropout?.load(from: state, as: "\(name)/dropout")
    let counts: [Int] = try state.value("\(name)/hits")
    hits = (counts[0], counts[1])
  }
}
