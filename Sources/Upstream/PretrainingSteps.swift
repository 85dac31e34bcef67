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
  private var sums = Sums()
  /// Read in this epoch.
  private var windows = 0
  private var began = ContinuousClock.now
  /// Of the epoch, before its training was stopped.
  private var secondsBefore = 0.0

  init(
    _ recipe: PretrainingRecipe, _ network: PretextNetwork, _ tasks: [RunningTask], _ feeds: [any Feed],
    _ health: Health,
    seed: UInt64
  ) throws {
    (self.network, self.tasks, self.feeds, self.health) = (network, tasks, feeds, health)
    stepsInEpoch = recipe.steps > 0 ? recipe.steps : feeds.map(\.batchesInEpoch).max() ?? 0
    epochs = recipe.epochs
    loop = TrainingLoop(
      recipe.optimization, groups: [Optimizer.Group(network.store.parameters())], steps: stepsInEpoch * epochs)
    generator = try Generator(seed: seed ^ 0x9ef7)
  }

  func begin(epoch: Int) { began = .now }

  func loss(step: Int) throws -> Tensor? {
    var loss: Tensor?
    for feed in feeds { windows += try feed.step(network, .training(generator), &loss, &sums) }
    return loss
  }

  func stepped(_ loss: Double?) throws { for task in tasks { try task.followStep() } }

  func end(epoch: Int) throws -> [String: Double] {
    defer { (sums, windows, secondsBefore) = (Sums(), 0, 0) }
    var numbers = sums.means
    numbers["windows per second"] = Double(windows) / (secondsBefore + (ContinuousClock.now - began).seconds)
    numbers.merge(try health(network, feeds.flatMap { try $0.lastWindows(network.encoder) }, epoch: epoch, of: epochs))
    { $1 }
    return numbers
  }

  var lastBatch: String { feeds.map(\.lastBatch).joined(separator: "; ") }

  func save(to state: inout TrainingState, as name: String) throws {
    try network.store.save(to: &state, as: "\(name)/network")
    for (number, task) in tasks.enumerated() { try task.save(to: &state, as: "\(name)/task\(number)") }
    for (number, feed) in feeds.enumerated() { try feed.save(to: &state, as: "\(name)/feed\(number)") }
    try state.put("\(name)/generator", generator.state())
    try state.put("\(name)/sums", sums)
    try state.put("\(name)/windows", windows)
    try state.put("\(name)/seconds", secondsBefore + (ContinuousClock.now - began).seconds)
  }

  func load(from state: TrainingState, as name: String) throws {
    try network.store.load(from: state, as: "\(name)/network")
    for (number, task) in tasks.enumerated() { try task.load(from: state, as: "\(name)/task\(number)") }
    for (number, feed) in feeds.enumerated() { try feed.load(from: state, as: "\(name)/feed\(number)") }
    try generator.restore(state.tensor("\(name)/generator"))
    sums = try state.value("\(name)/sums")
    windows = try state.value("\(name)/windows")
    secondsBefore = try state.value("\(name)/seconds")
  }
}
