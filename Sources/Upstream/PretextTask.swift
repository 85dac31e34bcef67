import Corpora
public import Encoders
public import Layers
public import SleepCore
public import Tensors
import Training

/// Makes inputs and targets out of unlabelled windows or nights, and a loss.
///
/// A new task is one file with a ``WindowTask`` or a ``NightTask``, and one line of ``PretextTasks``. It must not be solvable
/// from a trivial cue: its test has a model that sees only the cue.
public protocol PretextTask: Choosable {
  /// Where the task is from.
  static var paper: String { get }
  /// What ``PretextResult/metric`` is: `accuracy`, `explained variance`.
  static var metricName: String { get }
  /// What the metric is of a model that knows nothing, in a few words: `1/5`. What a batch gives stands in ``PretextResult/chance``.
  static var chance: String { get }
  /// Whether the task means something for a sensor.
  static func serves(_ sensor: Sensor) -> Bool

  /// Makes the task's own parameters.
  ///
  /// - Parameters:
  ///   - network: What the task is to teach.
  ///   - inputs: The windows that it will be given: of the sensors that it serves, or of a night.
  /// - Throws: `EncoderError` for options or windows that do not go together.
  init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws

  /// How batches are to be put together; `nil` where any windows will do.
  var grouping: BatchGrouping? { get }
  /// The copies of the network that move slowly after it, each after every step of the optimiser.
  var slowCopies: [SlowCopy] { get }
}

extension PretextTask {
  public var grouping: BatchGrouping? { nil }
  public var slowCopies: [SlowCopy] { [] }
}

/// A task of windows that need not be neighbours: it teaches the encoder.
public protocol WindowTask: PretextTask {
  /// One step's loss on a batch of one sensor.
  ///
  /// - Parameter random: Views and masks are drawn from it anew in every step.
  func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult
}

/// A task of stretches of nights, all sensors together: it teaches the encoder and the context.
public protocol NightTask: PretextTask {
  /// Whether it asks about a window what only others tell: it then wants a context, and an encoder that does not look beside a window.
  static var asksAround: Bool { get }
  /// Whether it asks about a sensor what others tell: it then wants two sensors or more.
  static var asksAcross: Bool { get }
  /// Whether it teaches the context too, and not the encoder alone.
  static var teachesContext: Bool { get }

  /// One step's loss on a batch of stretches.
  ///
  /// - Parameter random: Masks and pairs are drawn from it anew in every step.
  func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult
}

extension NightTask {
  public static var asksAcross: Bool { false }
  public static var teachesContext: Bool { true }
}

/// The pretext tasks that a recipe may choose.
public enum PretextTasks: Registry {
  public static let key = "task"
  public static var all: [any Choosable.Type] { kinds }
  /// In the order in which they are listed to users.
  public static let kinds: [any PretextTask.Type] = [
    ViewsTask.self, RotationTask.self, FrequencyTask.self, ContrastTask.self, NightProfileTask.self,
    MaskedWindowsTask.self, NextWindowsTask.self, WhichNightTask.self, VICRegTask.self, BYOLTask.self,
    DINOTask.self, SwAVTask.self, MaskedTask.self, ArrowTask.self, PermutationTask.self, WarpTask.self,
    RelativePositionTask.self, OrderTask.self, PredictiveCodingTask.self, TemporalContrastTask.self,
    FrequencySimilarityTask.self, MadeUpSpectraTask.self, CrossSensorTask.self, CrossPredictionTask.self,
    CrossContextTask.self,
  ]
  /// The names of those that read windows by themselves.
  public static var ofWindows: [String] { kinds.filter { $0 is any WindowTask.Type }.map { $0.name } }
  /// The names of those that read nights.
  public static var ofNights: [String] { kinds.filter { $0 is any NightTask.Type }.map { $0.name } }
  /// The names of those that teach a context.
  public static var ofContexts: [String] {
    kinds.filter { ($0 as? any NightTask.Type)?.teachesContext ?? false }.map { $0.name }
  }
  /// The names of those that want several sensors.
  public static var acrossSensors: [String] {
    kinds.filter { ($0 as? any NightTask.Type)?.asksAcross ?? false }.map { $0.name }
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
