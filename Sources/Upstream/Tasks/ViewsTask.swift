import Corpora
public import Encoders
public import Layers
public import SleepCore
import Tensors

/// SSRM's own task: which window is this, and in which of five views, raw, turned by a quarter, a half and three quarters, or in the frequency
/// domain?
///
/// Zhao, Dong and Zhou, "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (IEEE Access 2020). The
/// published loss is 0.8 of the cross-entropy over all five views and 0.2 of how far each view's output is from the raw view's: the mean
/// squared difference of the encoder's vectors, each of length 1. On maps that all lie the same way the views are told within a few hundred
/// steps without anything of the posture, and that agreement is reached by vectors that are all alike; such an encoder is worse
/// than a random one. So a window is by default *searched for* in each of its views, among the same sleeper's others in all of theirs
/// (``ViewSearch``). With ``Options/search`` off, the task is the published one.
///
/// The spectrum is a texture of its own, symmetric about frequency 0, which is what tells it from the four others; what
/// tells those from each other is the window's content alone (``ViewMaker``). A model that knows no more than spectrum or not has
/// an accuracy of 0.4.
public struct ViewsTask: WindowTask {
  public struct Options: Settings {
    /// Whether window and view are to be found among others.
    public var search: Bool = true
    /// Degrees by which maps of a body are turned in a search, in place of quarter turns, which no sleeper makes; quarter turns where empty.
    public var angles: [Double] = [-20, 0, 20]
    /// The share of the agreement in the published loss; telling the views has the rest.
    public var share: Double = 0.2
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared in a search.
    public var projection: Int = 64
    public var negatives: ContrastTask.Negatives = .sameSubject
    /// How batches are put together, and how windows are changed before they are seen in a view, in a search.
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .angles: .number(-180...180).list(0...16),
        .share: .number(0...1),
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
      ])

    public var conflict: Misfit? { pairs.toldMisfit }

    public init() {}
  }

  public static let name = "views"
  public static let summary = "which window is this, and in which view: raw, turned, or its spectrum"
  public static let paper = "Zhao, Dong and Zhou, SSRM, IEEE Access 2020"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let output: Linear
  private let search: ViewSearch?
  /// Whether the turned windows and the spectrum teach; otherwise windows as they are alone, by the published loss without the agreement.
  private let trainsViews: Bool

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    self.options = options
    trainsViews = network.trainsViews
    output = try Linear(scope("output"), inputs: width, outputs: View.allCases.count)
    search =
      options.search
      ? try ViewSearch(
        scope("projector"), width: width, projection: options.projection, temperature: options.temperature,
        negatives: options.negatives, pairs: options.pairs) : nil
  }

  public var grouping: BatchGrouping? { search?.grouping }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    if let search {
      let views = try SearchedViews.views(windows.contract, degrees: options.angles)
      return try search(windows, seen: views, encoder, &random, mode)
    }
    let views = try ViewMaker(windows.contract)(
      windows.values, View.allCases, &random, of: windows.share(of: windows.count))
    let targets = View.allCases.flatMap { view in [Int64](repeating: Int64(view.rawValue), count: windows.count) }
    let vectors = try encoder(windows.tensor(views), of: windows.contract.sensor, mode).squeezed(1)
    let logits = try output(vectors)
    let truth = try Tensor(targets).to(windows.device)
    let parts = try vectors.split(windows.count, axis: 0).map(unit)
    let distance = try Tensor.stack(parts.dropFirst().map { try ($0 - parts[0]).power(2).sum([1]).mean() }).mean()
    let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
    let told =
      trainsViews
      ? try logits.crossEntropy(truth)
      : try logits.narrowed(0, 0..<windows.count).crossEntropy(truth.narrowed(0, 0..<windows.count))
    return PretextResult(
      loss: try trainsViews ? told * (1 - options.share) + distance * options.share : told * (1 - options.share),
      metric: accuracy, chance: 1 / Double(View.allCases.count))
  }
}

/// Vectors scaled to length 1.
func unit(_ vectors: Tensor) throws -> Tensor {
  try vectors / vectors.norm([vectors.shape.count - 1], keepAxes: true).clamp(1e-8)
}
