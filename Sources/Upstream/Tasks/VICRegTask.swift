public import Encoders
public import Layers
public import SleepCore
import Tensors

/// Two views of a pair have the same embedding, and the embeddings of a batch vary in every feature and tell something new in each.
///
/// Bardes, Ponce and LeCun, "VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning" (ICLR 2022), with
/// the weights of the authors' code. The expander has three layers of one size, batch norm and rectification behind the first two. There are
/// no negatives, so windows of other people in the same posture are not pushed apart.
///
/// The metric is how often a view's partner is the nearest of the batch's embeddings; chance is one among those that it is
/// compared with, `1 / pairs` where no window was drawn twice.
public struct VICRegTask: WindowTask {
  public struct Options: Settings {
    /// The weights of the three terms.
    public var invariance: Double = 25
    public var variance: Double = 25
    public var covariance: Double = 1
    /// The size of the expander's layers; 8192 in the publication, of vectors of 2048.
    public var expansion: Int = 256
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .invariance: .number(0...1_000_000),
        .variance: .number(0...1_000_000),
        .covariance: .number(0...1_000_000),
        .expansion: .whole(1...65_536),
      ])

    public var conflict: Misfit? {
      guard invariance > 0, variance == 0 else { return nil }
      return Misfit(
        "variance", with: ["invariance"], is: "0", expected: "one above 0: all embeddings would fall together")
    }

    public init() {}
  }

  public static let name = "vicreg"
  public static let summary =
    "two views of a pair are alike, while each feature of a batch varies and tells something new"
  public static let paper = "Bardes, Ponce and LeCun, VICReg, ICLR 2022"
  public static let metricName = "partner found"
  public static let chance = "1 of those compared"

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let expander: Projector
  private let makePairs: PairMaker

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    makePairs = PairMaker(options.pairs, inputs)
    expander = try Projector(
      scope("expander"), inputs: network.encoder.width + makePairs.told, hidden: options.expansion,
      outputs: options.expansion,
      hiddenLayers: 2)
  }

  public var grouping: BatchGrouping? { options.pairs.grouping(within: nil) }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let pairs = try makePairs(windows, &random)
    let embeddings = try expander(
      pairs.beside(encoder(pairs.views, of: windows.contract.sensor, mode).squeezed(1)), mode)
    let search = try PartnerSearch.bothWays(embeddings, among: embeddings, places: windows.placeNumbers(pairs.order))
    let loss = try varianceInvarianceCovariance(
      embeddings, invariance: options.invariance, variance: options.variance, covariance: options.covariance)
    return PretextResult(loss: loss, metric: search.found, chance: search.chance)
  }
}
