public import Encoders
public import Layers
public import SleepCore
import Tensors

/// From one view of a pair tell what a slowly moving copy of the network makes of the other.
///
/// Grill and others, "Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning" (NeurIPS 2020): encoder, projector and
/// predictor predict the copy's encoder and projector, both ways, each time `2 - 2 cos`. The projector and predictor have
/// batch norm behind their hidden layer. As published the copy has batch statistics of its own in training. Its momentum stays as it is
/// here; in the publication it rises to 1.
///
/// Nothing but the predictor and the slowness keeps the vectors from falling together, and the loss does not show it where they do. The
/// metric does: how often the prediction of a view's partner is nearest to it of all in the batch, in direction. Chance is one
/// among those that it is compared with, `1 / pairs` where no window was drawn twice.
public struct BYOLTask: WindowTask {
  public struct Options: Settings {
    /// How much of itself the slow copy keeps in each step; where training begins, in the publication.
    public var momentum: Double = 0.996
    /// The size of the vectors that are predicted; 256 in the publication, of vectors of 2048.
    public var projection: Int = 64
    /// The size of the projector's and the predictor's hidden layer; 4096 in the publication.
    public var hidden: Int = 256
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .momentum: .number(0...1),
        .projection: .whole(1...65_536),
        .hidden: .whole(1...65_536),
      ])

    public init() {}
  }

  public static let name = "byol"
  public static let summary = "from one view of a pair tell what a slow copy of the network makes of the other"
  public static let paper = "Grill and others, BYOL, NeurIPS 2020"
  public static let metricName = "partner found"
  public static let chance = "1 of those compared"

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let slow: SlowCopy
  private let projector: Projector
  private let slowProjector: Projector
  private let predictor: Projector
  private let makePairs: PairMaker

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    let makePairs = PairMaker(options.pairs, inputs)
    self.makePairs = makePairs
    slow = try SlowCopy(of: network, momentum: options.momentum)
    (projector, slowProjector) = try slow.head(scope("projector")) {
      try Projector(
        $0, inputs: network.encoder.width + makePairs.told, hidden: options.hidden, outputs: options.projection)
    }
    predictor = try Projector(
      scope("predictor"), inputs: options.projection, hidden: options.hidden, outputs: options.projection)
  }

  public var grouping: BatchGrouping? { options.pairs.grouping(within: nil) }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    let pairs = try makePairs(windows, &random)
    let predictions = try predictor(
      projector(pairs.beside(encoder(pairs.views, of: sensor, mode).squeezed(1)), mode), mode)
    let targets = try LibTorch.withoutGradients {
      try slowProjector(
        pairs.beside(slow.network.encoder(pairs.views, of: sensor, mode).squeezed(1)), mode)
    }
    let search = try PartnerSearch.bothWays(
      unit(predictions), among: unit(targets), places: windows.placeNumbers(pairs.order))
    return PretextResult(loss: try bootstrapError(predictions, targets), metric: search.found, chance: search.chance)
  }

  public var slowCopies: [SlowCopy] { [slow] }
}
