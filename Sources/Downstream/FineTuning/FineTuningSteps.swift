import Corpora
import Layers
import SleepCore
import Tensors
import Training

/// Fine-tuning, step by step: a batch of labelled windows each; after each epoch the validation subjects are read.
final class FineTuningSteps: SteppedTraining {
  let loop: TrainingLoop
  let stepsInEpoch: Int
  let epochs: Int
  private(set) var choice: EpochChoice
  private let tuning: FineTuning
  private let model: any RecognitionModel
  private let store: ParameterStore
  private let trained: TrainedView
  private let batches: TrainingBatches
  private let scheme: LabelScheme
  private let training: WindowSource
  private let validation: WindowSource?
  private let weights: Tensor?
  private let generator: Generator
  /// What is validated and kept; the weights themselves where `nil`.
  let average: WeightAverage?
  /// The step from which encoder and context learn; 0 from the first.
  private let thaw: Int
  private let selects: Bool
  private let validates: Bool
  /// What is read now; the epoch's batches begin anew until it has its steps.
  private var reading: TrainingEpoch?
  private var place = Place()
  private var lastWindows: [WindowReference] = []

  private struct Place: Codable {
    /// The epoch as the sampler counts it.
    var pass = 0
    /// Batches of it that were given.
    var taken = 0
    /// Batches of this epoch that were given.
    var drawn = 0
    var epochs = 0
    /// Of this epoch's batches; not a number of those without a label.
    var losses: [Double] = []
  }

  /// - Parameter validatesAnyway: Whether the validation subjects are read also where they choose nothing.
  init(
    _ tuning: FineTuning, _ model: any RecognitionModel, _ store: ParameterStore, _ trained: TrainedView,
    _ batches: TrainingBatches, scheme: LabelScheme, training: WindowSource, validation: WindowSource?,
    validatesAnyway: Bool
  ) throws {
    let recipe = tuning.recipe
    (self.tuning, self.model, self.store, self.trained) = (tuning, model, store, trained)
    (self.batches, self.scheme, self.training, self.validation) = (batches, scheme, training, validation)
    let inStep = recipe.optimization.accumulate
    stepsInEpoch = max((batches.stepsInEpoch + inStep - 1) / inStep, recipe.minimumSteps)
    epochs = recipe.epochs
    let all = stepsInEpoch * epochs
    let trained = try store.train(tuning.trainable(model, isThawed: true))
    loop = try TrainingLoop(recipe.optimization, groups: tuning.groups(trained), steps: all)
    thaw = tuning.transfer == .fineTuned ? Int((recipe.thaw * Double(all)).rounded()) : 0
    if thaw > 0 { try store.train(tuning.trainable(model, isThawed: false)) }
    generator = try Generator(seed: tuning.seed ^ 0x5eed)
    average = try WeightAverage(of: store, recipe.optimization)
    weights = try tuning.classWeights(training.classCounts())
    selects = recipe.select != .last && validation != nil
    validates = selects || validatesAnyway || loop.plateauFactor != nil
    choice = EpochChoice(patience: recipe.patience)
  }

  var isOver: Bool { choice.isOver(after: place.epochs) }

  func begin(epoch: Int) throws { try trained.begin() }

  func loss(step: Int) throws -> Tensor? {
    if thaw > 0, step == thaw { try setThawed(true) }
    let batch = try next(epoch: step / stepsInEpoch)
    lastWindows = batch.windows
    return try tuning.recipe.optimization.precision.inStep {
      try trained.loss(
        batch, scheme: scheme, classWeights: weights, labelSmoothing: tuning.recipe.labelSmoothing, generator)
    }
  }

  func stepped(_ loss: Double?) throws {
    if loss != nil { try average?.follow(after: loop.step - 1) }
    place.losses.append(loss ?? .nan)
  }

  func end(epoch: Int) throws -> [String: Double] {
    let finite = place.losses.filter(\.isFinite)
    let loss = finite.reduce(0, +) / Double(max(1, finite.count))
    var numbers = ["loss": loss]
    numbers["accuracy"] = trained.takeAccuracy()
    try average?.endEpoch()
    let validated = try average?.inPlace { try validate(epoch) } ?? validate(epoch)
    numbers["validation/loss"] = validated?.loss
    numbers["validation/accuracy"] = validated?.accuracy
    if selects { numbers["validation"] = validated?.measure(tuning.recipe.select) }
    // Without validation subjects the plateau is one of the training loss.
    loop.record(epochLoss: validated?.loss ?? loss)
    numbers["rate_factor"] = loop.plateauFactor
    reading = nil
    place = Place(epochs: epoch + 1)
    return numbers
  }

  /// What the validation subjects say of the weights that would be kept now, which are kept where they are the best so far.
  private func validate(_ epoch: Int) throws -> Validation? {
    try trained.fit(training, tuning.recipe, seed: tuning.seed)
    guard validates, let validation else { return nil }
    let validated = try Validation(tuning.predict(model, store, validation, scheme), scheme)
    if selects { try choice.consider(epoch, value: validated.measure(tuning.recipe.select), store) }
    return validated
  }

  var lastBatch: String { lastWindows.inWords(of: [training]) }

  private func setThawed(_ isThawed: Bool) throws {
    try store.train(tuning.trainable(model, isThawed: isThawed))
    trained.setThawed(isThawed)
  }

  /// The next batch of an epoch.
  private func next(epoch: Int) throws -> Batch {
    while true {
      if reading == nil, place.taken == 0 { place.pass = epoch * 1000 + place.drawn }
      let now = reading ?? batches.epoch(place.pass, after: place.taken)
      reading = now
      if let batch = try now.next() {
        place.taken += 1
        place.drawn += 1
        return batch
      }
      (reading, place.taken) = (nil, 0)
    }
  }
}

extension FineTuningSteps: Resumable {
  func save(to state: inout TrainingState, as name: String) throws {
    try store.save(to: &state, as: "\(name)/model")
    try trained.save(to: &state, as: "\(name)/view")
    try choice.save(to: &state, as: "\(name)/best")
    try average?.save(to: &state, as: "\(name)/average")
    try state.put("\(name)/generator", generator.state())
    try state.put("\(name)/place", place)
  }

  func load(from state: TrainingState, as name: String) throws {
    try store.load(from: state, as: "\(name)/model")
    try trained.load(from: state, as: "\(name)/view")
    choice = try EpochChoice(patience: choice.patience, from: state, as: "\(name)/best", store)
    try average?.load(from: state, as: "\(name)/average")
    try generator.restore(state.tensor("\(name)/generator"))
    place = try state.value("\(name)/place")
    reading = nil
    if thaw > 0 { try setThawed(place.epochs * stepsInEpoch + place.losses.count > thaw) }
  }
}
