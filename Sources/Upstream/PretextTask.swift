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

  /// The metric of a model that knows nothing.
  func chance(for contract: InputContract) -> Double

  /// One step's loss on a batch of one sensor.
  ///
  /// - Parameter random: Views and masks are drawn from it anew in every step.
  func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult
}

/// A batch of one sensor's windows in plain memory.
public struct PretextWindows: Sendable {
  public let contract: InputContract
  /// How many.
  public let count: Int
  /// `[count, channels, samples]`, or `[count, rows, columns]`.
  public let values: [Float]
  /// Which windows these are: neighbours in time are of one recording.
  public let places: [WindowReference]
  public let device: Device

  public init(
    contract: InputContract, count: Int, values: [Float], places: [WindowReference] = [], device: Device = .cpu
  ) {
    self.contract = contract
    self.count = count
    self.values = values
    self.places = places
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

  public init(loss: Tensor, metric: Double) {
    self.loss = loss
    self.metric = metric
  }
}
