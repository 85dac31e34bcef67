import Foundation
public import Corpora
public import Layers
public import SleepCore
public import Tensors
public import Training

/// Trains a recogniser on labelled windows, and chooses the epoch on validation subjects.
public struct FineTuning {
  /// What came of it.
  public struct Outcome: Sendable {
    public let bestEpoch: Int
    public let epochs: Int
    /// The validation measure that chose; `nil` where nothing was chosen.
    public let validation: Double?
    public let seconds: Double
  }

  let recipe: FineTuningRecipe
  let transfer: TransferProtocol
  let carried: Carried
  let missing: MissingSensors?
  let seed: UInt64
  let device: Device
  let vectors: VectorFolder?

  /// - Parameters:
  ///   - missing: How sensors are left out in training; none is where `nil`.
  ///   - vectors: Where the vectors of an encoder that stays as it is are kept; nowhere where `nil`.
  public init(
    _ recipe: FineTuningRecipe, transfer: TransferProtocol, carried: Carried = .pretrained,
    missing: MissingSensors? = nil, seed: UInt64, device: Device = .cpu, vectors: VectorFolder? = nil
  ) {
    self.missing = missing
    self.vectors = vectors
    self.recipe = recipe
    self.transfer = transfer
    self.carried = carried
    self.seed = seed
    self.device = device
  }

  /// Trains, from where it was stopped; the model's weights are those of the chosen epoch afterwards.
  ///
  /// - Parameters:
  ///   - store: The model's parameters; those under `encoder.` and `context.` are what pretraining teaches. What comes with weights learns at the
  ///     recipe's `encoder_rate`.
  ///   - training: With the labels that may be seen.
  ///   - validation: Its labels choose the epoch; `nil` where there are none: then the last epoch's weights stay.
  ///   - checkpoint: Where the state is kept, and gone on from; nowhere where `nil`.
  ///   - log: Called after each epoch with its numbers: of the training batches `loss` and `accuracy`, of the validation part
  ///     `validation/loss`, `validation/accuracy` and, where it chooses, the measure as `validation`.
  /// - Throws: ``TrainingError``, ``Interrupted``, or what reading a corpus threw.
  public func callAsFunction(
    _ model: any RecognitionModel, _ store: ParameterStore, scheme: LabelScheme, training: WindowSource,
    validation: WindowSource?, checkpoint: Checkpoint? = nil, log: ((Int, [String: Double]) throws -> Void)? = nil
  ) throws -> Outcome {
    let started = ContinuousClock.now
    let counts = training.classCounts()
    guard counts.contains(where: { $0 > 0 }) else {
      throw TrainingError.nothingToTrain("no labelled window of \(training.store.path) may be seen in training")
    }
    try prepare(model, store, training)
    let batches = try TrainingBatches(recipe, training, seed: seed)
    if transfer == .randomFrozen { try settle(model, batches) }
    let trained = try TrainedView(
      model, transfer: transfer, recipe, training, device: device, countsHits: log != nil,
      leavingOut: missing.map { SensorDropout($0, sensors: training.sensors, seed: seed) },
      vectors: vectors.map { ($0, store) })
    if model.fitting != nil, !transfer.trainsEncoder {
      return try compute(model, store, trained, scheme, training, validation, log: log, since: started)
    }
    let steps = try FineTuningSteps(
      self, model, store, trained, batches, scheme: scheme, training: training, validation: validation,
      validatesAnyway: log != nil)
    let outcome = try TrainingDriver(checkpoint: checkpoint, log: log ?? { _, _ in })(steps)
    if let best = steps.choice.best { try store.restore(best.weights) } else { try steps.average?.settle() }
    return Outcome(
      bestEpoch: steps.choice.best?.epoch ?? outcome.epochs - 1, epochs: outcome.epochs,
      validation: steps.choice.best?.value, seconds: outcome.seconds)
  }

  /// Where nothing is trained: the head is computed from the training windows, and that is all.
  private func compute(
    _ model: any RecognitionModel, _ store: ParameterStore, _ trained: TrainedView, _ scheme: LabelScheme,
    _ training: WindowSource, _ validation: WindowSource?, log: ((Int, [String: Double]) throws -> Void)?,
    since started: ContinuousClock.Instant
  ) throws -> Outcome {
    try trained.fit(training, recipe, seed: seed)
    let validated = try validation.map { try Validation(predict(model, store, $0, scheme), scheme) }
    try log?(0, validated.map { ["validation/loss": $0.loss, "validation/accuracy": $0.accuracy] } ?? [:])
    return Outcome(
      bestEpoch: 0, epochs: 0, validation: validated?.measure(recipe.select),
      seconds: (ContinuousClock.now - started).seconds)
  }

  /// Settles what is trained, and the ranges of inputs where they are scaled.
  private func prepare(_ model: any RecognitionModel, _ store: ParameterStore, _ training: WindowSource) throws {
    try store.train(trainable(model, isThawed: true))
    // An earlier model brings its own ranges, which its weights go with.
    if !carried.contains("scaling.") { try (model as? ScaledModel)?.scaling.fit(training) }
  }

  /// Lets an encoder that nobody trained see the measured windows of some training batches, for its batch norms' statistics:
  /// as they begin, they are of no window, and the control would be poorer than random weights are.
  private func settle(_ model: any RecognitionModel, _ batches: TrainingBatches) throws {
    let mode = Mode.training(try Generator(seed: seed ^ 0x5e77))
    try LibTorch.withoutGradients {
      var seen = 0
      while seen < 30 {
        let reader = batches.epoch(-1 - seen)
        while seen < 30, let batch = try reader.next() {
          _ = try model.scores(DeviceBatch(batch, on: device), mode)
          seen += 1
        }
      }
    }
  }

  func predict(
    _ model: any RecognitionModel, _ store: ParameterStore, _ source: WindowSource, _ scheme: LabelScheme
  ) throws -> [Prediction] {
    try Predictor(recipe, scheme: scheme, device: device)(model, store, source)
  }

  func classWeights(_ counts: [Int]) throws -> Tensor? {
    guard recipe.classWeights == .balanced else { return nil }
    let total = Double(counts.reduce(0, +))
    let weights = counts.map { $0 == 0 ? 0 : Float(total / Double(counts.count) / Double($0)) }
    return try Tensor(weights).to(device)
  }
}
