public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors

/// Two changed copies of one window, or two windows of one stay, are alike; those of others are not.
///
/// The loss is NT-Xent of Chen and others, "A Simple Framework for Contrastive Learning of Visual Representations" (ICML
/// 2020). A stay is a stretch of one recording in which little changes. With negatives from the same subject alone,
/// other people's windows of the same posture are no false negatives, and who it is tells nothing.
public struct ContrastTask: WindowTask {
  /// What a window is told apart from.
  public enum Negatives: String, Codable, CaseIterable, Sendable {
    case all
    case sameSubject = "same_subject"
    case sameRecording = "same_recording"
  }

  public struct Options: Settings {
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64
    public var pairs: PairOptions = .init()
    public var negatives: Negatives = .all

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
      ])

    public init() {}
  }

  public static let name = "contrast"
  public static let summary = "two copies of a window, or two windows of a stay, are alike, and others are not"
  public static let paper = "Chen and others, SimCLR, ICML 2020"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let projector: Projector
  private let makePairs: PairMaker

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    self.options = options
    makePairs = PairMaker(options.pairs, inputs)
    projector = try Projector(
      scope, inputs: width + makePairs.told, hidden: width, outputs: options.projection, isNormalised: false)
  }

  public var grouping: BatchGrouping? {
    options.pairs.grouping(within: options.negatives.unit)
  }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let pairs = try makePairs(windows, &random)
    let vectors = try encoder(pairs.views, of: windows.contract.sensor, mode).squeezed(1)
    return try pairContrast(
      projector(pairs.beside(vectors.relu()), mode), temperature: options.temperature,
      groups: options.negatives.groups(windows, pairs.order),
      places: windows.placeNumbers(pairs.order))
  }
}
