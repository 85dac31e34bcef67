import Corpora
public import Encoders
public import Layers
public import SleepCore
import Tensors

/// SSRM's own task: which of five views of a window is this, raw, turned by a quarter, a half and three quarters, or in the
/// frequency domain?
///
/// Zhao, Dong and Zhou, "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (IEEE Access 2020). The
/// published loss is 0.8 of the cross-entropy over all five views and 0.2 of how far each view's output is from the raw view's: the mean
/// squared difference of the encoder's vectors, each of length 1. On maps that all lie the same way the views are told within a few hundred
/// steps without anything of the posture, and that agreement is reached by vectors that are all alike; such an encoder is worse
/// than a random one. With ``Agreement/contrast`` a view's projected vector must instead find the window that it is of, seen as it is, among other
/// windows of the batch, which vectors that are all alike cannot do.
///
/// The spectrum is a texture of its own, symmetric about frequency 0, which is what tells it from the four others; what
/// tells those from each other is the window's content alone (``ViewMaker``). A model that knows no more than spectrum or not has
/// an accuracy of 0.4.
public struct ViewsTask: WindowTask {
  /// What the views of a window have in common.
  public enum Agreement: String, Codable, CaseIterable, Sendable {
    /// As published: a vector near that of the raw view.
    case distance
    /// Each view finds its own window among others: NT-Xent.
    case contrast
  }

  public struct Options: Settings {
    public var agreement: Agreement = .distance
    /// The share of the agreement in the loss; telling the views has the rest. 0.2 as published, 0.8 suits `contrast`.
    public var share: Double = 0.2
    public var temperature: Double = 0.2
    /// Size of the vectors that are contrasted.
    public var projection: Int = 64
    public var negatives: ContrastTask.Negatives = .sameSubject
    /// How batches are put together, and how windows are changed, where views are contrasted.
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .share: .number(0...1),
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
      ])

    public init() {}
  }

  public static let name = "views"
  public static let summary = "which of five views of a window is this: raw, turned, or its spectrum"
  public static let paper = "Zhao, Dong and Zhou, SSRM, IEEE Access 2020"
  public static let metricName = "accuracy"
  public static let chance = "1/5"

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let output: Linear
  private let projector: Projector?

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    self.options = options
    output = try Linear(scope("output"), inputs: width, outputs: View.allCases.count)
    projector =
      options.agreement == .distance
      ? nil
      : try Projector(
        scope("projector"), inputs: width, hidden: width, outputs: options.projection, isNormalised: false)
  }

  public var grouping: BatchGrouping? {
    options.agreement == .distance ? nil : options.pairs.grouping(within: options.negatives.unit)
  }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let maker = try ViewMaker(windows.contract)
    let views = try maker(windows.values, View.allCases, &random)
    let targets = View.allCases.flatMap { view in [Int64](repeating: Int64(view.rawValue), count: windows.count) }
    let vectors = try encoder(windows.tensor(views), of: windows.contract.sensor, mode).squeezed(1)
    let logits = try output(vectors)
    let truth = try Tensor(targets).to(windows.device)
    let telling = try logits.crossEntropy(truth)
    let agreement = try agreement(vectors.split(windows.count, axis: 0), windows, encoder, &random, mode)
    let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
    return PretextResult(
      loss: try telling * (1 - options.share) + agreement * options.share, metric: accuracy,
      chance: 1 / Double(View.allCases.count))
  }

  /// - Parameter views: The vectors of each view, the raw one first.
  private func agreement(
    _ views: [Tensor], _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> Tensor {
    guard let projector else {
      let parts = try views.map(unit)
      return try Tensor.stack(parts.dropFirst().map { try ($0 - parts[0]).power(2).sum([1]).mean() }).mean()
    }
    // The window as it is, twice and each time changed: one copy is what the others have to find.
    let pairs = try Pairs(windows, options.pairs, &random)
    let copies = try encoder(pairs.views, of: windows.contract.sensor, mode).squeezed(1).split(pairs.count, axis: 0)
    let own = Array(pairs.order.prefix(pairs.count))
    let others = try [copies[1]] + views.dropFirst().map { try $0.rows(own) }
    return try Tensor.stack(
      others.map { other in
        try pairContrast(
          projector(Tensor.concatenate([copies[0], other], axis: 0).relu(), mode), temperature: options.temperature,
          groups: options.negatives.groups(windows, own + own), places: windows.placeNumbers(own + own)
        ).loss
      }
    ).mean()
  }
}

/// Vectors scaled to length 1.
func unit(_ vectors: Tensor) throws -> Tensor {
  try vectors / vectors.norm([vectors.shape.count - 1], keepAxes: true).clamp(1e-8)
}
