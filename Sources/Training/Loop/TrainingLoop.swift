public import Foundation
public import Layers
public import SleepCore
public import Tensors

/// What a recipe says of the optimisation.
public struct OptimizationOptions: Settings {
  public enum Rule: String, Codable, CaseIterable, Sendable {
    case sgd, adam, adamw
  }

  public enum Shape: String, Codable, CaseIterable, Sendable {
    case constant, cosine, restarts
    /// Constant, and lower each time that the validation loss no longer falls.
    case plateau
  }

  public var rule: Rule = .adamw
  public var learningRate: Double = 1e-3
  public var weightDecay: Double = 1e-2
  public var schedule: Shape = .cosine
  /// Share of all steps during which the rate rises.
  public var warmup: Double = 0.05
  /// Steps of the first period of `restarts`.
  public var period: Int = 10
  /// What each period of `restarts` is longer by than the one before.
  public var periodGrowth: Int = 1
  public var plateau: PlateauOptions = .init()
  /// The greatest norm of all gradients together; 0 leaves them as they are.
  public var clip: Double = 1
  public var amsgrad: Bool = false
  /// What Adam and AdamW add to the root of the second moment, behind the correction of its bias; Keras's default is 1e-7.
  public var epsilon: Double = 1e-8
  /// The share of its last change that `sgd` adds to the gradient; 0 is plain gradient descent.
  public var momentum: Double = 0.9
  /// Batches whose mean gradient is one step.
  public var accumulate: Int = 1
  /// How much of itself a copy of the weights keeps in each step, which moves slowly after them, is read in validation and is kept in the end;
  /// 0 is none.
  public var averaging: Double = 0
  /// Epochs, the last ones, at whose ends the weights are averaged, running statistics too: the mean is read in validation and kept in the
  /// end; 1 or 0 is none.
  public var averageLast: Int = 0
  /// What encoders, contexts, heads and published systems compute in within a step. Weights, losses, chains and prediction are float32
  /// in any case.
  public var precision: Precision = .float32

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .learningRate: .number(above: 0, to: 1000),
      .weightDecay: .number(0...1000),
      .warmup: .number(0...1),
      .period: .whole(1...1_000_000_000),
      .periodGrowth: .whole(1...1000),
      .clip: .number(0...1_000_000_000),
      .accumulate: .whole(1...1_000_000),
      .averaging: .number(0..<1),
      .averageLast: .whole(0...1000),
      .epsilon: .number(above: 0, to: 1),
      .momentum: .number(0..<1),
    ])

  public var conflict: Misfit? {
    guard averaging > 0, averageLast > 1 else { return nil }
    return Misfit(
      "average_last", with: ["averaging"], is: "\(averageLast) with 'averaging' of \(averaging)",
      expected: "one of both: each makes the weights that are kept")
  }

  public init() {}

  var optimizerRule: Optimizer.Rule {
    switch rule {
    case .sgd: .sgd(momentum: momentum, weightDecay: weightDecay)
    case .adam: .adam(epsilon: epsilon, weightDecay: weightDecay, amsgrad: amsgrad)
    case .adamw: .adamW(epsilon: epsilon, weightDecay: weightDecay, amsgrad: amsgrad)
    }
  }

  func schedule(steps: Int) -> Schedule {
    switch schedule {
    case .constant, .plateau: .constant
    case .cosine: .cosine(warmup: Int((warmup * Double(steps)).rounded()), total: steps)
    case .restarts: .restarts(first: period, factor: periodGrowth)
    }
  }
}

/// When and how far `plateau` lowers the rate, with the defaults of PyTorch's `ReduceLROnPlateau`.
public struct PlateauOptions: Settings {
  /// What the rate is multiplied with.
  public var factor: Double = 0.1
  /// Epochs without improvement that are let pass.
  public var patience: Int = 10
  /// The relative improvement that counts.
  public var threshold: Double = 1e-4
  /// The lowest rate, as a share of the first.
  public var minimum: Double = 0

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .factor: .number(0..<1),
      .patience: .whole(0...1_000_000),
      .threshold: .number(0..<1),
      .minimum: .number(0...1),
    ])

  public init() {}

  var schedule: PlateauSchedule {
    PlateauSchedule(shrink: factor, patience: patience, threshold: threshold, minimum: minimum)
  }
}

/// The steps of one training: loss, gradient, clipping, optimiser, schedule.
///
/// What a step is, an epoch or a batch's loss is the caller's; this counts and steps.
public final class TrainingLoop {
  private let optimizer: Optimizer
  private let schedule: Schedule
  private let parameters: [Tensor]
  private let clip: Double
  private let learningRate: Double
  /// Steps taken.
  public private(set) var step = 0
  private var plateau: PlateauSchedule?
  /// Batches whose mean gradient is one step.
  public let batchesInStep: Int
  /// Whether gradients of this step's batches are there already.
  private var isGathering = false
  /// Makes the gradients those of all processes; `nil` of one alone.
  private let reducer: GradientReducer?

  /// - Parameters:
  ///   - groups: What is trained; a group's factor is of the recipe's learning rate.
  ///   - steps: In all, for the schedule.
  ///   - group: The processes that train together; this one alone where `nil`.
  /// - Throws: ``Tensors/ProcessGroupError``.
  public init(
    _ options: OptimizationOptions, groups: [Optimizer.Group], steps: Int, in group: ProcessGroup? = nil
  ) throws {
    optimizer = Optimizer(options.optimizerRule, groups)
    schedule = options.schedule(steps: max(1, steps))
    plateau = options.schedule == .plateau ? options.plateau.schedule : nil
    parameters = groups.flatMap(\.parameters)
    reducer = try group.map { try GradientReducer(groups.flatMap(\.parameters), across: $0) }
    clip = options.clip
    learningRate = options.learningRate
    batchesInStep = options.accumulate
  }

  /// What plateaus have made of the rate; `nil` of another schedule.
  public var plateauFactor: Double? { plateau?.factor }

  /// Hears of an epoch's loss; the rate is lowered where the schedule is `plateau` and this is one.
  public func record(epochLoss loss: Double) { plateau?.record(loss) }

  /// Takes one step down the gradient of one batch's loss.
  ///
  /// - Returns: The loss's value.
  /// - Throws: As ``add(_:)`` and ``take()``.
  @discardableResult
  public func step(_ loss: Tensor) throws -> Double {
    let value = try gather(loss, share: 1)
    try take()
    return value
  }

  /// Adds the gradient of one of a step's ``batchesInStep``.
  ///
  /// - Returns: The loss's value.
  /// - Throws: ``TrainingError/notFinite(step:batch:)``, or ``TensorError``.
  public func add(_ loss: Tensor) throws -> Double { try gather(loss, share: 1 / Double(batchesInStep)) }

  private func gather(_ loss: Tensor, share: Double) throws -> Double {
    if !isGathering {
      for parameter in parameters { try parameter.setGradient(nil) }
      isGathering = true
    }
    // The loss is read only now: a device that computes is not waited for between the forward and the backward pass.
    let scaled = try share == 1 ? loss : loss * share
    try reducer?.prepare(scaled)
    let backward = Result { try scaled.backward() }
    let value = try loss.item()
    guard value.isFinite else {
      // What was added up is of no use either.
      isGathering = false
      throw TrainingError.notFinite(step: step)
    }
    try backward.get()
    return value
  }

  /// Takes one step down the gradient that was added up.
  ///
  /// - Throws: ``TrainingError/gradientNotFinite(step:batch:)`` before the weights are touched, or ``TensorError``.
  public func take() throws {
    isGathering = false
    if clip > 0, try !clipGradients(of: parameters, to: clip).isFinite {
      throw TrainingError.gradientNotFinite(step: step)
    }
    try optimizer.step(learningRate: learningRate * (plateauFactor ?? 1) * schedule.factor(at: step))
    step += 1
  }
}

extension TrainingLoop: Resumable {
  public func save(to state: inout TrainingState, as name: String) throws {
    try state.put("\(name)/step", step)
    if let plateau { try state.put("\(name)/plateau", plateau) }
    for (key, tensor) in optimizer.moments { try state.put("\(name)/optimizer/\(key)", tensor) }
  }

  public func load(from state: TrainingState, as name: String) throws {
    step = try state.value("\(name)/step")
    isGathering = false
    if plateau != nil { plateau = try state.value("\(name)/plateau") }
    try optimizer.restore { state.optional("\(name)/optimizer/\($0)") }
  }
}

/// Why a training stopped.
public enum TrainingError: Error, Equatable, LocalizedError {
  case notFinite(step: Int, batch: String = "")
  /// The gradient's norm, where it is known: where gradients are clipped.
  case gradientNotFinite(step: Int, batch: String = "")
  /// There is nothing to train on, in words.
  case nothingToTrain(String)

  /// Whether a training ran away.
  public var isDivergence: Bool {
    switch self {
    case .notFinite, .gradientNotFinite: true
    case .nothingToTrain: false
    }
  }

  /// The same at a step of the whole training, with the batch that it happened on, in words.
  func at(step: Int, on batch: String) -> TrainingError {
    switch self {
    case .notFinite: .notFinite(step: step, batch: batch)
    case .gradientNotFinite: .gradientNotFinite(step: step, batch: batch)
    case .nothingToTrain: self
    }
  }

  /// What happened, without advice.
  var what: String {
    func place(_ step: Int, _ batch: String) -> String { "at step \(step)" + (batch.isEmpty ? "" : ", on \(batch)") }
    return switch self {
    case .notFinite(let step, let batch): "the loss is not a finite number \(place(step, batch))"
    case .gradientNotFinite(let step, let batch):
      "the gradient is not a finite number \(place(step, batch)), though the loss is"
    case .nothingToTrain(let words): words
    }
  }

  public var errorDescription: String? {
    switch self {
    case .notFinite: "\(what): lower optimization.learning_rate, or set optimization.clip"
    case .gradientNotFinite: "\(what): lower optimization.learning_rate"
    case .nothingToTrain(let words): words
    }
  }
}
