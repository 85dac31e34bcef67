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

  /// How far a training is.
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

  private let checkpoint: Checkpoint?
  private let log: (Int, [String: Double]) throws -> Void

  /// - Parameters:
  ///   - checkpoint: Where the state is kept, and gone on from; nowhere where `nil`.
  ///   - log: Called after each epoch with its numbers; where a training goes on, first for those that are done.
  public init(checkpoint: Checkpoint? = nil, log: @escaping (Int, [String: Double]) throws -> Void = { _, _ in }) {
    (self.checkpoint, self.log) = (checkpoint, log)
  }

  /// - Throws: `Interrupted` with the state kept, ``TrainingError``, or what the training throws.
  public func callAsFunction(_ training: any SteppedTraining) throws -> Outcome {
    var place = Place()
    if let state = try checkpoint?.latest() { place = try load(training, from: state) }
    for (epoch, numbers) in place.history.enumerated() { try log(epoch, numbers) }
    var clock = ContinuousClock.now
    func count() {
      let now = ContinuousClock.now
      place.seconds += (now - clock).seconds
      clock = now
    }
    var good = try state(training, place)
    while place.epoch < training.epochs, !training.isOver {
      try training.begin(epoch: place.epoch)
      while place.step < training.stepsInEpoch {
        if Interruption.isRequested {
          count()
          checkpoint?.keep(try state(training, place))
          throw Interrupted()
        }
        do { try step(training, place) } catch let error as TrainingError where error.isDivergence {
          let number = place.epoch * training.stepsInEpoch + place.step
          let failure = error.at(step: number, on: training.lastBatch)
          guard place.passedOver == nil else { throw failure }
          place = try load(training, from: good)
          let note =
            "\(failure.what): gone back to step \(place.epoch * training.stepsInEpoch + place.step), "
            + "and that batch is passed over"
          StandardError.say("warning: \(note)")
          place.passedOver = number
          place.notes.append(note)
          try training.begin(epoch: place.epoch)
          continue
        }
        place.step += 1
        if let checkpoint, checkpoint.isDue {
          count()
          good = try state(training, place)
          checkpoint.keep(good)
        }
      }
      let numbers = try end(training, place)
      place.history.append(numbers)
      try log(place.epoch, numbers)
      place.epoch += 1
      place.step = 0
      good = try state(training, place)
    }
    count()
    try checkpoint?.keepEnd { try state(training, place) }
    return Outcome(epochs: place.epoch, seconds: place.seconds, notes: place.notes)
  }

  /// The numbers of an epoch; where the user asks to stop meanwhile, the state before is kept.
  private func end(_ training: any SteppedTraining, _ place: Place) throws -> [String: Double] {
    guard let checkpoint else { return try training.end(epoch: place.epoch) }
    let before = try state(training, place)
    do { return try training.end(epoch: place.epoch) } catch let stop as Interrupted {
      checkpoint.keep(before)
      throw stop
    }
  }

  private func step(_ training: any SteppedTraining, _ place: Place) throws {
    let number = place.epoch * training.stepsInEpoch + place.step
    var losses: [Double] = []
    for _ in 0..<training.loop.batchesInStep {
      guard let loss = try training.loss(step: number), number != place.passedOver else { continue }
      losses.append(try training.loop.add(loss))
    }
    guard !losses.isEmpty else { return try training.stepped(nil) }
    try training.loop.take()
    try training.stepped(losses.reduce(0, +) / Double(losses.count))
  }

  private func state(_ training: any SteppedTraining, _ place: Place) throws -> TrainingState {
    var state = TrainingState()
    try state.put("place", place)
    try training.loop.save(to: &state, as: "loop")
    try training.save(to: &state, as: "training")
    return state
  }

  private func load(_ training: any SteppedTraining, from state: TrainingState) throws -> Place {
    try training.loop.load(from: state, as: "loop")
    try training.load(from: state, as: "training")
    return try state.value("place")
  }
}
