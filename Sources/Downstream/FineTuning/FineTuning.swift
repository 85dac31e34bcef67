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

  /// What a model that is not trained from scratch has weights of already.
  public enum Carried: Sendable, Hashable {
    case encoder
    /// The whole model, but for parameters of these names.
    case model(except: Set<String>)

    func contains(_ name: String) -> Bool {
      switch self {
      case .encoder: name.hasPrefix("encoder.")
      case .model(let fresh): !fresh.contains(name)
      }
    }
  }

  let recipe: FineTuningRecipe
  let transfer: TransferProtocol
  let carried: Carried
  let seed: UInt64
  let device: Device

  public init(
    _ recipe: FineTuningRecipe, transfer: TransferProtocol, carried: Carried = .encoder, seed: UInt64,
    device: Device = .cpu
  ) {
    self.recipe = recipe
    self.transfer = transfer
    self.carried = carried
    self.seed = seed
    self.device = device
  }

  /// Trains; the model's weights are those of the chosen epoch afterwards.
  ///
  /// - Parameters:
  ///   - store: The model's parameters; those under `encoder.` are the encoder's. What comes with weights learns at the
  ///     recipe's `encoder_rate`.
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
      throw TrainingError.nothingToTrain("no labelled window of \(training.store.path) may be seen in training")
    }
    try store.setTrainable(transfer.trainsEncoder, under: "encoder.")
    for prefix in model.frozen { try store.setTrainable(false, under: prefix) }
    // An earlier model brings its own ranges, which its weights go with.
    if !carried.contains("scaling.") { try (model as? ScaledModel)?.scaling.fit(training) }
    let batches = try TrainingBatches(recipe, training, seed: seed)
    let rate = transfer == .scratch ? recipe.scratchRate : 1
    let parameters = store.entries.filter { $0.kind == .parameter && $0.tensor.requiresGradient }
    let groups = [
      Optimizer.Group(parameters.filter { !carried.contains($0.name) }.map(\.tensor), factor: rate),
      Optimizer.Group(
        parameters.filter { carried.contains($0.name) }.map(\.tensor),
        factor: transfer.isPretrained ? recipe.encoderRate : rate),
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
      let isPredicted = selects || log != nil || loop.plateauFactor != nil
      let predictions = try isPredicted ? validation.map { try predict(model, $0, scheme) } : nil
      if let predictions {
        let matrix = try matrix(predictions, scheme)
        numbers["validation/loss"] = predictions.logLoss
        numbers["validation/accuracy"] = matrix.accuracy ?? 0
        if selects {
          let value = measure(predictions, matrix)
          numbers["validation"] = value
          if best == nil || value > best!.value { best = (value, epoch, try store.snapshot()) }
        }
      }
      // Without validation subjects the plateau is one of the training loss.
      loop.record(epochLoss: predictions?.logLoss ?? numbers["loss"] ?? .nan)
      numbers["rate_factor"] = loop.plateauFactor
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
          _ = try model.scores(DeviceBatch(batch, on: device), mode)
          seen += 1
        }
      }
    }
  }

  private func predict(
    _ model: any RecognitionModel, _ source: WindowSource, _ scheme: LabelScheme
  ) throws -> [Prediction] {
    try Predictor(recipe, scheme: scheme, device: device)(model, source)
  }

  private func matrix(_ predictions: [Prediction], _ scheme: LabelScheme) throws -> ConfusionMatrix {
    try predictions.reduce(into: ConfusionMatrix(classCount: scheme.classes.count)) {
      $0 += try ConfusionMatrix(classCount: scheme.classes.count, truth: $1.truth, predicted: $1.classes)
    }
  }

  /// The validation measure; larger is better.
  private func measure(_ predictions: [Prediction], _ matrix: ConfusionMatrix) -> Double {
    switch recipe.select {
    case .loss: -predictions.logLoss
    case .accuracy: matrix.accuracy ?? 0
    case .macroF1: matrix.macroF1 ?? 0
    case .kappa, .last: matrix.kappa ?? 0
    }
  }

  private func classWeights(_ counts: [Int]) throws -> Tensor? {
    guard recipe.classWeights == .balanced else { return nil }
    let total = Double(counts.reduce(0, +))
    let weights = counts.map { $0 == 0 ? 0 : Float(total / Double(counts.count) / Double($0)) }
    return try Tensor(weights).to(device)
  }
}
