public import Tensors
import Streams

/// What is trained in steps and epochs: what a step is, and what an epoch's end.
///
/// ``TrainingDriver`` counts, keeps the state and stops; here nothing does.
public protocol SteppedTraining: AnyObject, Resumable {
  var loop: TrainingLoop { get }
  var stepsInEpoch: Int { get }
  /// The most epochs that there will be.
  var epochs: Int { get }
  /// Whether it has ended before all epochs.
  var isOver: Bool { get }

  /// Called before an epoch's first step, and where a training goes on within an epoch.
  func begin(epoch: Int) throws
  /// The loss of the next batch; `nil` where it has nothing to learn from, which counts all the same. A step has one batch or several.
  ///
  /// - Parameter step: Counted over all epochs.
  func loss(step: Int) throws -> Tensor?
  /// Called after the optimiser's step.
  ///
  /// - Parameter loss: The mean of its batches; `nil` where nothing was learned from them.
  func stepped(_ loss: Double?) throws
  /// The epoch's numbers.
  func end(epoch: Int) throws -> [String: Double]
  /// The last batch in words: which windows, of whom.
  var lastBatch: String { get }
}

/// Takes a training through its epochs, from where it was stopped.
///
/// The state is kept every few minutes and when the user asks to stop, always between two steps; a training that goes on from it does exactly what
/// one does that was never stopped. A loss that is no number goes back to the last state once, and passes over the batch that gave it.
public struct TrainingDriver {
  /// What came of it.
  public struct Outcome: Sendable {
    /// Those that were trained.
    public let epochs: Int
    /// Spent on training, in this process and in those before it.
    public let seconds: Double
    /// What happened that a reader of the numbers wants to know.
    public let notes: [String]
  }

  private let checkpoint: Checkpoint?
  private let group: ProcessGroup?
  private let log: (Int, [String: Double]) throws -> Void

  /// - Parameters:
  ///   - checkpoint: Where the state is kept, and gone on from; nowhere where `nil`.
  ///   - group: The processes that train together, of which the first has the checkpoint; this one alone where `nil`.
  ///   - log: Called after each epoch with its numbers; where a training goes on, first for those that are done.
  public init(
    checkpoint: Checkpoint? = nil, in group: ProcessGroup? = nil,
    log: @escaping (Int, [String: Double]) throws -> Void = { _, _ in }
  ) {
    (self.checkpoint, self.group, self.log) = (checkpoint, group, log)
  }

  /// - Throws: `Interrupted` with the state kept, ``TrainingError``, ``Tensors/ProcessGroupError`` with the last good state kept, or what the
  ///   training throws.
  public func callAsFunction(_ training: any SteppedTraining) throws -> Outcome {
    let course = try Course(training, checkpoint, group, log)
    do { try course.run() } catch {
      let error = group?.explained(error) ?? error
      if error is ProcessGroupError { checkpoint?.keep(course.good) }
      throw error
    }
    return course.outcome
  }
}

/// One training on its way.
private final class Course {
  /// How far it is.
  private struct Place: Codable {
    var epoch = 0
    /// Steps of this epoch that are done.
    var step = 0
    var seconds = 0.0
    /// The numbers of each epoch that is done.
    var history: [[String: Double]] = []
    /// The step whose batch is passed over, where one was.
    var passedOver: Int?
    var notes: [String] = []
  }

  private let training: any SteppedTraining
  private let checkpoint: Checkpoint?
  private let group: ProcessGroup?
  private let log: (Int, [String: Double]) throws -> Void
  private var place = Place()
  private var clock = ContinuousClock.now
  /// The last state that it may go back to.
  private(set) var good = TrainingState()

  init(
    _ training: any SteppedTraining, _ checkpoint: Checkpoint?, _ group: ProcessGroup?,
    _ log: @escaping (Int, [String: Double]) throws -> Void
  ) throws {
    (self.training, self.checkpoint, self.group, self.log) = (training, checkpoint, group, log)
    // The first process reads it for all.
    let own = try checkpoint?.latest()
    if let state = try group.map({ try TrainingState.shared(own, in: $0) }) ?? own { try load(state) }
    for (epoch, numbers) in place.history.enumerated() { try log(epoch, numbers) }
    clock = .now
    good = try state()
  }

  var outcome: TrainingDriver.Outcome { .init(epochs: place.epoch, seconds: place.seconds, notes: place.notes) }

  func run() throws {
    while place.epoch < training.epochs, !training.isOver {
      try training.begin(epoch: place.epoch)
      while place.step < training.stepsInEpoch {
        try keepOrStop()
        do { try step() } catch let error as TrainingError where error.isDivergence {
          try goBack(after: error)
          continue
        }
        place.step += 1
      }
      let numbers = try end()
      place.history.append(numbers)
      try log(place.epoch, numbers)
      place.epoch += 1
      place.step = 0
      good = try state()
    }
    count()
    try checkpoint?.keepEnd(state)
  }

  /// Counts the time.
  private func count() {
    let now = ContinuousClock.now
    place.seconds += (now - clock).seconds
    clock = now
  }

  private var number: Int { place.epoch * training.stepsInEpoch + place.step }

  /// Keeps the state where it is time to; stops, with the state kept, where a user of any process asks to.
  private func keepOrStop() throws {
    let own = [Interruption.isRequested, checkpoint?.isDue ?? false]
    let asked = try group?.any(own) ?? own
    guard asked.contains(true) else { return }
    count()
    good = try state()
    checkpoint?.keep(good)
    if asked[0] { throw Interrupted() }
  }

  /// Goes back to the last good state once, to pass over the batch that came to nothing.
  private func goBack(after error: TrainingError) throws {
    let (number, failure) = (number, error.at(step: number, on: training.lastBatch))
    guard place.passedOver == nil else { throw failure }
    try load(good)
    let note = "\(failure.what): gone back to step \(self.number), and that batch is passed over"
    if group?.isFirst ?? true { StandardError.say("warning: \(note)") }
    place.passedOver = number
    place.notes.append(note)
    try training.begin(epoch: place.epoch)
  }

  /// The numbers of an epoch; where the user asks to stop meanwhile, the state before is kept.
  private func end() throws -> [String: Double] {
    guard let checkpoint else { return try training.end(epoch: place.epoch) }
    let before = try state()
    do { return try training.end(epoch: place.epoch) } catch let stop as Interrupted {
      checkpoint.keep(before)
      throw stop
    }
  }

  private func step() throws {
    let number = number
    var losses: [Double] = []
    for _ in 0..<training.loop.batchesInStep {
      guard let loss = try training.loss(step: number), number != place.passedOver else { continue }
      losses.append(try training.loop.add(loss))
    }
    guard !losses.isEmpty else { return try training.stepped(nil) }
    try training.loop.take()
    try training.stepped(losses.reduce(0, +) / Double(losses.count))
  }

  private func state() throws -> TrainingState {
    var state = TrainingState()
    try state.put("place", place)
    try training.loop.save(to: &state, as: "loop")
    try training.save(to: &state, as: "training")
    return state
  }

  private func load(_ state: TrainingState) throws {
    try training.loop.load(from: state, as: "loop")
    try training.load(from: state, as: "training")
    place = try state.value("place")
  }
}
