public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors
import Training

/// What comes next: which vectors are those of the windows that follow these?
///
/// Van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive Coding" (2018). The encoder makes
/// a vector of each window of a run; a gated recurrent unit reads the first ones, and a matrix for each step ahead
/// foretells a vector, which is to be found among those of other runs at the same step. Windows and not a window's own
/// parts are foretold, because those share samples, whose repetition would be all there is to find.
public struct PredictiveCodingTask: WindowTask {
  public struct Options: Settings {
    public var run: RunOptions = .init()
    /// The size of the state behind the windows that are read.
    public var hidden: Int = 64

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .hidden: .whole(1...65_536)
      ])

    public init() {}
  }

  public static let name = "cpc"
  public static let summary = "which windows follow these"
  public static let paper = "van den Oord, Li and Vinyals, CPC, 2018"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"

  private let options: Options
  private let predictor: FuturePredictor

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    predictor = try FuturePredictor(
      scope, width: network.encoder.width, hidden: options.hidden, steps: options.run.ahead)
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public var grouping: BatchGrouping? { options.run.grouping }

  /// - Parameter windows: Whole runs, each in order, as ``grouping`` has them.
  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let vectors = try encoder(windows.tensor(windows.values), of: windows.contract.sensor, mode)
    let run = try Run(vectors, options.run, for: Self.name)
    return try futureContrast(
      predictor.predictions(predictor.state(run.past)), run.future, groups: options.run.groups(windows))
  }
}

/// The vectors of runs of windows, cut where the future begins.
struct Run {
  /// `[runs, context, width]`.
  let past: Tensor
  /// `[ahead, runs, width]`.
  let future: Tensor

  /// - Parameter vectors: `[runs * length, 1, width]`.
  /// - Throws: `TrainingError` where the batch is not of whole runs.
  init(_ vectors: Tensor, _ options: RunOptions, for task: String) throws {
    guard vectors.shape[0].isMultiple(of: options.length) else {
      throw TrainingError.nothingToTrain(
        "\(task): a batch of \(vectors.shape[0]) windows, expected whole runs of \(options.length)")
    }
    let runs = try vectors.reshaped([-1, options.length, vectors.shape[2]])
    past = try runs.narrowed(1, 0..<options.context)
    future = try runs.narrowed(1, options.context..<options.length).transposed(0, 1)
  }
}
