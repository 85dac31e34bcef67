public import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
public import Tensors
public import Training

/// Trains an encoder, and a context where there is one, on unlabelled windows and nights: of one sensor or of several, also those that
/// were never recorded together.
public struct Pretrainer {
  private let recipe: PretrainingRecipe
  private let missing: MissingSensors?
  private let seed: UInt64
  private let device: Device
  private let group: ProcessGroup?

  /// - Parameters:
  ///   - missing: How sensors are left out of stretches of nights; none is where `nil`.
  ///   - group: The processes that train together, of which each makes the same call; this one alone where `nil`.
  public init(
    _ recipe: PretrainingRecipe, missing: MissingSensors? = nil, seed: UInt64, device: Device = .cpu,
    in group: ProcessGroup? = nil
  ) {
    self.group = group
    self.recipe = recipe
    self.missing = missing
    self.seed = seed
    self.device = device
  }

  /// What the last epoch was like.
  public struct Outcome: Sendable {
    /// Loss, metric and chance by `task/sensor/…`, each the mean over the epoch's windows; what ``Health`` says of the
    /// vectors; `windows per second`.
    public let numbers: [String: Double]
    public let epochs: Int
    public let seconds: Double
    /// What happened on the way that a reader of the numbers wants to know.
    public let notes: [String]
    /// The epoch whose weights the network now has, from 0, and the probe's kappa then; `nil` where it has the last one's.
    public let best: (epoch: Int, kappa: Double)?
    /// The weights of the last epoch, as a snapshot of the network's store, where it has those of another.
    package let last: [Tensor]?
  }

  /// Trains, from where it was stopped. Each step reads one batch of each kind that the tasks ask for; a batch of windows is of one sensor, and
  /// all sensors give equally many.
  ///
  /// - Parameters:
  ///   - sources: One a corpus and sensor, of the subjects that may be seen; no label is read.
  ///   - nights: One a corpus that has the sensors which a night needs.
  ///   - health: Looks at the vectors after each epoch.
  ///   - checkpoint: Where the state is kept, and gone on from; nowhere where `nil`.
  ///   - log: Called after each epoch with its numbers.
  public func callAsFunction(
    _ network: PretextNetwork, sources: [WindowSource], nights: [WindowSource] = [], health: Health = Health(),
    checkpoint: Checkpoint? = nil, log: @escaping (Int, [String: Double]) throws -> Void = { _, _ in }
  ) throws -> Outcome {
    let training = try made(network, sources, nights, health)
    var numbers: [String: Double] = [:]
    let outcome = try TrainingDriver(checkpoint: checkpoint, in: group) { epoch, own in
      numbers = own
      try log(epoch, own)
    }(training)
    try training.average?.settle()
    let best = training.choice?.best
    let last = try best.map { _ in try network.store.snapshot() }
    if let best { try network.store.restore(best.weights) }
    return Outcome(
      numbers: numbers, epochs: outcome.epochs, seconds: outcome.seconds, notes: outcome.notes,
      best: best.map { ($0.epoch, $0.value) }, last: last)
  }

  /// The training that a call would take through its epochs, to be taken step by step; as from the call, with nothing kept.
  ///
  /// - Parameters: As of ``callAsFunction(_:sources:nights:health:checkpoint:log:)``.
  package func steps(
    _ network: PretextNetwork, sources: [WindowSource], nights: [WindowSource] = [], health: Health = Health()
  ) throws -> any SteppedTraining {
    try made(network, sources, nights, health)
  }

  private func made(
    _ network: PretextNetwork, _ sources: [WindowSource], _ nights: [WindowSource], _ health: Health
  ) throws -> PretrainingSteps {
    let network = group.map { network.divided(among: $0) } ?? network
    let tasks = try recipe.tasks.enumerated().map { index, task in
      RunningTask(task, try task.make(network.store.root("tasks")(index), network), seed: seed, index: index)
    }
    try checkIdle(sources)
    return try PretrainingSteps(
      recipe, network, tasks, feeds(tasks, network, sources, nights), health, seed: seed, in: group)
  }

  /// - Throws: ``TrainingError/nothingToTrain(_:)`` where a sensor has no task, which would stay as it is without a word.
  private func checkIdle(_ sources: [WindowSource]) throws {
    let idle = Set(sources.flatMap(\.sensors)).filter { sensor in
      !recipe.tasks.contains { $0.isOfNights || $0.serves(sensor) }
    }
    guard recipe.tasks.isEmpty || !idle.isEmpty else { return }
    let names = idle.map(\.rawValue).sorted()
    throw TrainingError.nothingToTrain(
      "pretraining.tasks has no task for \(names.isEmpty ? "any sensor" : names.joined(separator: ", "))")
  }

  /// What gives batches: one for each way in which tasks want theirs put together. Tasks that take any windows read along.
  private func feeds(
    _ tasks: [RunningTask], _ network: PretextNetwork, _ sources: [WindowSource], _ nights: [WindowSource]
  ) throws -> [any Feed] {
    let ofNights = tasks.filter { $0.recipe.isOfNights }
    let ofWindows = tasks.filter { !$0.recipe.isOfNights }
    let groupings = ofWindows.reduce(into: [BatchGrouping]()) { found, running in
      if let wish = running.task.grouping, !found.contains(wish) { found.append(wish) }
    }
    var feeds: [any Feed] = []
    if !ofWindows.isEmpty, groupings.isEmpty {
      feeds.append(try WindowFeed(ofWindows, recipe, sources, grouping: nil, seed: seed, device: device, in: group))
    }
    for (number, grouping) in groupings.enumerated() {
      let own = ofWindows.filter { ($0.task.grouping ?? groupings[0]) == grouping }
      // The first has the seed of a training with it alone.
      let seed = seed &+ UInt64(number) &* 0x5ca1_ab1e
      feeds.append(try WindowFeed(own, recipe, sources, grouping: grouping, seed: seed, device: device, in: group))
    }
    if !ofNights.isEmpty {
      feeds.append(
        try NightFeed(ofNights, recipe.nights, nights, network, missing: missing, seed: seed, device: device))
    }
    return feeds
  }
}
