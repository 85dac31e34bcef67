public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors

/// From one view of a pair tell the code of the other, where codes share windows out among prototypes that are used alike.
///
/// Caron and others, "Unsupervised Learning of Visual Features by Contrasting Cluster Assignments" (NeurIPS 2020), with two views and no
/// smaller crops. With shares of each subject, everybody uses all prototypes alike, so that a prototype is something that all people do,
/// and who it is tells nothing; it supposes that people do the same things about as often.
///
/// The metric is how often a view is the most like the prototype that its partner's code has most of. Chance is how often it would be
/// with partners shuffled.
public struct SwAVTask: WindowTask {
  public struct Options: Settings {
    /// How many there are; 3000 in the publication.
    public var prototypes: Int = 32
    /// The size of the prototypes; 128 in the publication.
    public var projection: Int = 64
    public var temperature: Double = 0.1
    /// What likeness is divided by before it is shared out: the publication's epsilon.
    public var sharpness: Double = 0.05
    /// How often Sinkhorn's algorithm goes over rows and columns; 3 in the publication.
    public var iterations: Int = 3
    /// Whose windows use all prototypes alike: those of a batch together, as published, or those of each subject or recording of it.
    public var shares: ContrastTask.Negatives = .all
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .prototypes: .whole(2...65_536),
        .projection: .whole(1...65_536),
        .temperature: .number(above: 0, to: 1000),
        .sharpness: .number(0.005...1000),
        .iterations: .whole(1...1000),
      ])

    public init() {}
  }

  public static let name = "swav"
  public static let summary = "from one view of a pair tell the code of the other, where codes use all prototypes alike"
  public static let paper = "Caron and others, SwAV, NeurIPS 2020"
  public static let metricName = "agreement"
  public static let chance = "of shuffled pairs"

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let projector: Projector
  private let makePairs: PairMaker
  private let prototypes: Tensor

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    self.options = options
    makePairs = PairMaker(options.pairs, inputs)
    projector = try Projector(
      scope, inputs: width + makePairs.told, hidden: width, outputs: options.projection, isNormalised: false)
    prototypes = try scope.parameter(
      "prototypes", [options.prototypes, options.projection], .fanIn(options.projection))
  }

  public var grouping: BatchGrouping? { options.pairs.grouping(within: options.shares.unit) }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let pairs = try makePairs(windows, &random)
    let vectors = try encoder(pairs.views, of: windows.contract.sensor, mode).squeezed(1)
    let likeness = try unit(projector(pairs.beside(vectors.relu()), mode)).linear(unit(prototypes))
    let (loss, codes) = try swappedCodes(
      likeness, groups: options.shares.groups(windows, pairs.order), temperature: options.temperature,
      sharpness: options.sharpness, iterations: options.iterations)
    let seen = try likeness.argmax(1).values(Int64.self).map(Int.init)
    let found = agreement(seen, codes.map { code in code.indices.max { code[$0] < code[$1] } ?? 0 })
    return PretextResult(loss: loss, metric: found.share, chance: found.chance)
  }
}
