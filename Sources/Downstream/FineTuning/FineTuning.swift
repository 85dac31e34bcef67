import Foundation
public import Corpora
public import Layers
import Metrics
public import SleepCore
public import Tensors
import Training

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
  let seed: UInt64
  let device: Device

  public init(_ recipe: FineTuningRecipe, transfer: TransferProtocol, seed: UInt64, device: Device = .cpu) {
    self.recipe = recipe
    self.transfer = transfer
    self.seed = seed
    self.device = device
  }

  /// Trains; the model's weights are those of the chosen epoch afterwards.
  ///
  /// - Parameters:
  ///   - store: The model's parameters; those under `encoder.` are the encoder's.
  ///   - training: With the labels that may be seen.
  ///   - validation: Its labels choose the epoch; `nil` where there are none: then the last epoch's weights stay.
  ///   - log: Called after each epoch with its numbers: of the training batches `loss` and `accuracy`, of the validation part
  ///     `validation/loss`, `validation/accuracy` and, where it chooses, the measure as `validation`.
  /// - Throws: ``TrainingError``, ``Interrupted``, or what reading a corpus threw.
  public func callAsFunction(
    _ model: any RecognitionModel, _ store: ParameterStore, scheme: LabelScheme, training: WindowSource,
    validation: WindowSource?, log: ((Int, [String: Double]) throws -> Void)? = nil
  ) throws -> Outcome {
    let started = ContinuousClock.now
    let counts = training.classCounts()
    guard counts.contains(where: { $0 > 0 }) else {
      throw TrainingError.nothingToTrain("no labelled window of \(training.corpus.folder.path) may be seen in training")
    }
    try store.setTrainable(transfer.trainsEncoder, under: "encoder.")
    for prefix in model.frozen { try store.setTrainable(false, under: prefix) }
    try (model as? ScaledModel)?.scaling.fit(training)
    let batches = try TrainingBatches(recipe, training, seed: seed)
    let rate = transfer == .scratch ? recipe.scratchRate : 1
    let groups = [
      Optimizer.Group(store.parameters().excluding(store.parameters(under: "encoder.")), factor: rate),
      Optimizer.Group(
        transfer.trainsEncoder ? store.parameters(under: "encoder.") : [],
        factor: transfer == .fineTuned ? recipe.encoderRate : rate),
    ]
    let steps = max(batches.stepsInEpoch, recipe.minimumSteps)
    let loop = TrainingLoop(recipe.optimization, groups: groups, steps: steps * recipe.epochs)
    let generator = try Generator(seed: seed ^ 0x5eed)
    if transfer == .randomFrozen { try settle(model, batches, training) }
    let weights = try classWeights(counts)
    let selects = recipe.select != .last && validation != nil
    let trained = TrainedView(model, transfer: transfer, recipe, device: device, countsHits: log != nil)
    var best: (value: Double, epoch: Int, weights: [Tensor])?
    var epochs = 0
    for epoch in 0..<recipe.epochs {
      var losses: [Double] = []
      while losses.count < steps {
        let reader = batches.epoch(epoch * 1000 + losses.count)
        while losses.count < steps, let batch = try reader.next() {
          let loss = try trained.loss(
            batch, training, scheme: scheme, classWeights: weights, labelSmoothing: recipe.labelSmoothing, generator)
          guard let loss else {
            losses.append(.nan)
            continue
          }
          losses.append(try loop.step(loss))
        }
      }
      epochs = epoch + 1
      let finite = losses.filter(\.isFinite)
      var numbers = ["loss": finite.reduce(0, +) / Double(max(1, finite.count))]
      numbers["accuracy"] = trained.takeAccuracy()
      if selects || log != nil, let validation {
        let (value, others) = try measure(model, validation, scheme)
        numbers.merge(others) { $1 }
        if selects { numbers["validation"] = value }
        if selects, best == nil || value > best!.value { best = (value, epoch, try store.snapshot()) }
      }
      try log?(epoch, numbers)
      if recipe.patience > 0, let best, epoch - best.epoch >= recipe.patience { break }
    }
    if let best { try store.restore(best.weights) }
    return Outcome(
      bestEpoch: best?.epoch ?? epochs - 1, epochs: epochs, validation: best?.value,
      seconds: (ContinuousClock.now - started).seconds)
  }

  /// Lets an encoder that nobody trained see some training batches, for its batch norms' statistics: as they begin, they are
  /// of no window, and the control would be poorer than random weights are.
  private func settle(_ model: any RecognitionModel, _ batches: TrainingBatches, _ source: WindowSource) throws {
    let mode = Mode.training(try Generator(seed: seed ^ 0x5e77))
    try LibTorch.withoutGradients {
      var seen = 0
      while seen < 30 {
        let reader = batches.epoch(-1 - seen)
        while seen < 30, let batch = try reader.next() {
          let seconds = source.corpus.index.windowSeconds ?? 30
          _ = try model.scores(DeviceBatch(batch, windowSeconds: seconds, on: device), mode)
          seen += 1
        }
      }
    }
  }

  /// The validation measure, of which larger is better, and the numbers for the log.
  private func measure(
    _ model: any RecognitionModel, _ source: WindowSource, _ scheme: LabelScheme
  ) throws -> (value: Double, numbers: [String: Double]) {
    let predictions = try Predictor(recipe, scheme: scheme, device: device)(model, source)
    let matrix = try predictions.reduce(into: ConfusionMatrix(classCount: scheme.classes.count)) {
      $0 += try ConfusionMatrix(
        classCount: scheme.classes.count, truth: $1.truth, predicted: $1.classes)
    }
    let value =
      switch recipe.select {
      case .loss: -predictions.logLoss
      case .accuracy: matrix.accuracy ?? 0
      case .macroF1: matrix.macroF1 ?? 0
      case .kappa, .last: matrix.kappa ?? 0
      }
    return (value, ["validation/loss": predictions.logLoss, "validation/accuracy": matrix.accuracy ?? 0])
  }

  private func classWeights(_ counts: [Int]) throws -> Tensor? {
    guard recipe.classWeights == .balanced else { return nil }
    let total = Double(counts.reduce(0, +))
    let weights = counts.map { $0 == 0 ? 0 : Float(total / Double(counts.count) / Double($0)) }
    return try Tensor(weights).to(device)
  }
}

extension [Tensor] {
  /// These tensors without those of another list.
  func excluding(_ others: [Tensor]) -> [Tensor] {
    let excluded = Set(others.map(ObjectIdentifier.init))
    return filter { !excluded.contains(ObjectIdentifier($0)) }
  }
}
