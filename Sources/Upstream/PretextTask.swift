public import Corpora
public import Encoders
public import Layers
public import SleepCore
public import Tensors

/// Makes inputs and targets out of unlabelled windows, and a loss.
///
/// A new task is one file with such a type, and one case of ``TaskRecipe/Kind``. It must not be solvable from a trivial
/// cue: its test has a model that sees only the cue.
public protocol PretextTask {
  /// As recipes and logs name it.
  var name: String { get }
  /// What ``PretextResult/metric`` is: `accuracy`, `explained variance`.
  var metricName: String { get }

  /// Whether the task means something for a sensor.
  static func serves(_ sensor: Sensor) -> Bool

  /// How batches are to be put together; `nil` where any windows will do.
  var grouping: BatchGrouping? { get }

  /// One step's loss on a batch of one sensor.
  ///
  /// - Parameter random: Views and masks are drawn from it anew in every step.
  func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult
}

extension PretextTask {
  public var grouping: BatchGrouping? { nil }
}

/// A batch of one sensor's windows in plain memory.
public struct PretextWindows: Sendable {
  public let contract: WindowContract
  /// How many.
  public let count: Int
  /// `[count, channels, samples]`, or `[count, rows, columns]`.
  public let values: [Float]
  /// Which windows these are; empty where it is not known.
  public let places: [WindowReference]
  /// A number for each window's subject; empty where it is not known, and then all are of one.
  public let subjects: [Int]
  public let device: Device

  public init(
    contract: WindowContract, count: Int, values: [Float], places: [WindowReference] = [], subjects: [Int] = [],
    device: Device = .cpu
  ) {
    self.contract = contract
    self.count = count
    self.values = values
    self.places = places
    self.subjects = subjects
    self.device = device
  }

  /// Values of the same contract as a batch for the encoder, `[windows, 1, channels, samples]`.
  public func tensor(_ values: [Float]) throws -> Tensor {
    let size = contract.shape.reduce(1, *)
    return try Tensor(values, shape: [values.count / max(1, size), 1] + contract.shape).to(device)
  }
}

/// What a task makes of a batch.
public struct PretextResult {
  /// A scalar.
  public let loss: Tensor
  public let metric: Double
  /// The metric of a model that knows nothing, on this batch.
  public let chance: Double

  public init(loss: Tensor, metric: Double, chance: Double) {
    self.loss = loss
    self.metric = metric
    self.chance = chance
  }
}
