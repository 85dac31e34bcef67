import Layers
import SleepCore
import Tensors
import Training

/// Pretraining, step by step: one batch of each kind that the tasks ask for.
final class PretrainingSteps: SteppedTraining {
  let loop: TrainingLoop
  let stepsInEpoch: Int
  let epochs: Int
  let isOver = false
  private let network: PretextNetwork
  private let tasks: [RunningTask]
  private let feeds: [any Feed]
  private let health: Health
  private let generator: Generator
  private let precision: Precision
  /// What is kept in the end; the weights themselves where `nil`.
  let average: WeightAverage?
  /// The epoch that the probe likes best; `nil` where the last one is kept.
  private(set) var choice: EpochChoice?
  private var sums = Sums()
  /// Read in this epoch.
  private var windows = 0
  private var began = ContinuousClock.now
  /// Of the epoch, before its training was stopped.
  private var secondsBefore = 0.0

  init(
    _ recipe: PretrainingRecipe, _ network: PretextNetwork, _ tasks: [RunningTask], _ feeds: [any Feed],
    _ health: Health, seed: UInt64, in group: ProcessGroup? = nil
  ) throws {
    (self.network, self.tasks, self.feeds, self.health) = (network, tasks, feeds, health)
    let batches = feeds.map(\.batchesInEpoch).max() ?? 0
    let inStep = recipe.optimization.accumulate
    stepsInEpoch = recipe.steps > 0 ? recipe.steps : (batches + inStep - 1) / inStep
    epochs = recipe.epochs
    choice = recipe.keep == .best ? EpochChoice(patience: 0) : nil
    let trained = try network.store.train(.all).map(\.tensor)
    loop = try TrainingLoop(
      recipe.optimization, groups: [Optimizer.Group(trained)], steps: stepsInEpoch * epochs, in: group)
    generator = try Generator(seed: seed ^ 0x9ef7)
    precision = recipe.optimization.precision
    average = try WeightAverage(of: network.store, recipe.optimization)
  }

  func begin(epoch: Int) { began = .now }

  func loss(step: Int) throws -> Tensor? {
    var loss: Tensor?
    try precision.inStep {
      for feed in feeds { windows += try feed.step(network, .training(generator), &loss, &sums) }
    }
    return loss
  }

  func stepped(_ loss: Double?) throws {
    if loss != nil { try average?.follow(after: loop.step - 1) }
    for task in tasks { try task.followStep() }
  }

  func end(epoch: Int) throws -> [String: Double] {
    defer { (sums, windows, secondsBefore) = (Sums(), 0, 0) }
    var numbers = sums.means
    numbers["windows per second"] = Double(windows) / (secondsBefore + (ContinuousClock.now - began).seconds)
    try average?.endEpoch()
    numbers.merge(try looked(after: epoch)) { $1 }
    return numbers
  }

  /// What health says of the weights that would be kept now.
  private func looked(after epoch: Int) throws -> [String: Double] {
    let windows = try feeds.flatMap { try $0.lastWindows(network.encoder) }
    func look() throws -> [String: Double] {
      let numbers = try health(network, windows, epoch: epoch, of: epochs)
      if let value = numbers[Probe.choosing] { try choice?.consider(epoch, value: value, network.store) }
      return numbers
    }
    return try average?.inPlace(look) ?? look()
  }

  var lastBatch: String { feeds.map(\.lastBatch).joined(separator: "; ") }

  func save(to state: inout TrainingState, as name: String) throws {
    try network.store.save(to: &state, as: "\(name)/network")
    for (number, task) in tasks.enumerated() { try task.save(to: &state, as: "\(name)/task\(number)") }
    for (number, feed) in feeds.enumerated() { try feed.save(to: &state, as: "\(name)/feed\(number)") }
    try state.put("\(name)/generator", generator.state())
    try average?.save(to: &state, as: "\(name)/average")
    try choice?.save(to: &state, as: "\(name)/best")
    try state.put("\(name)/sums", sums)
    try state.put("\(name)/windows", windows)
    try state.put("\(name)/seconds", secondsBefore + (ContinuousClock.now - began).seconds)
  }

  func load(from state: TrainingState, as name: String) throws {
    try network.store.load(from: state, as: "\(name)/network")
    for (number, task) in tasks.enumerated() { try task.load(from: state, as: "\(name)/task\(number)") }
    for (number, feed) in feeds.enumerated() { try feed.load(from: state, as: "\(name)/feed\(number)") }
    try generator.restore(state.tensor("\(name)/generator"))
    try average?.load(from: state, as: "\(name)/average")
    if choice != nil { choice = try EpochChoice(patience: 0, from: state, as: "\(name)/best", network.store) }
    sums = try state.value("\(name)/sums")
    windows = try state.value("\(name)/windows")
    secondsBefore = try state.value("\(name)/seconds")
  }
}
