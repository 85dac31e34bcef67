public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors
import Training

/// What comes next in another view: from a run of windows that was changed much, which vectors follow of the run that
/// was changed a little, and the other way round?
///
/// Eldele and others, "Time-Series Representation Learning via Temporal and Contextual Contrasting" (IJCAI 2021). The
/// temporal loss is that of ``PredictiveCodingTask`` on vectors of length 1, both ways crossed; the contextual one is
/// NT-Xent between the states of both views behind the windows that were read. There a transformer reads parts of a
/// window; here a gated recurrent unit reads windows. The metric and chance are those of the temporal part.
public struct TemporalContrastTask: WindowTask {
  public struct Options: Settings {
    public var run: RunOptions = .init()
    /// The size of the state behind the windows that are read.
    public var hidden: Int = 64
    /// Size of the vectors by which states are compared.
    public var projection: Int = 32
    public var temperature: Double = 0.2
    /// The weight of the contextual loss beside the temporal one's 1.
    public var contextWeight: Double = 0.7
    /// `mirror` turns all maps of a subject in a batch, or none; in both views where it is set in both. Where a recipe
    /// gives a part of this or of `strong`, the rest of it is as ``RunChange`` has it, neither weak nor strong.
    public var weak: RunChange = .weak
    public var strong: RunChange = .strong

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .hidden: .whole(1...65_536),
        .projection: .whole(1...65_536),
        .temperature: .number(above: 0, to: 1000),
        .contextWeight: .number(0...1000),
      ])

    public init() {}
  }

  public static let name = "ts-tcc"
  public static let summary = "which windows follow these in another view, and which views are of one run"
  public static let paper = "Eldele and others, TS-TCC, IJCAI 2021"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"

  private let options: Options
  private let predictor: FuturePredictor
  private let projector: Projector

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    predictor = try FuturePredictor(
      scope, width: network.encoder.width, hidden: options.hidden, steps: options.run.ahead)
    projector = try Projector(
      scope("projector"), inputs: options.hidden, hidden: options.hidden, outputs: options.projection)
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public var grouping: BatchGrouping? { options.run.grouping }

  /// - Parameter windows: Whole runs, each in order, as ``grouping`` has them.
  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let groups = options.run.groups(windows)
    let runs = try views(windows, &random).map { view in
      try Run(unit(encoder(view, of: windows.contract.sensor, mode)), options.run, for: Self.name)
    }
    let states = try runs.map { try predictor.state($0.past) }
    let crossed = try [(0, 1), (1, 0)].map { from, to in
      try futureContrast(predictor.predictions(states[from]), runs[to].future, groups: groups)
    }
    let contextual = try pairContrast(
      projector(.concatenate(states, axis: 0), mode), temperature: options.temperature, groups: groups + groups,
      places: Array(groups.indices) + Array(groups.indices))
    return PretextResult(
      loss: try crossed[0].loss + crossed[1].loss + contextual.loss * options.contextWeight,
      metric: (crossed[0].metric + crossed[1].metric) / 2, chance: crossed[0].chance)
  }

  /// The windows changed much, and changed a little.
  private func views(_ windows: PretextWindows, _ random: inout RandomSource) throws -> [Tensor] {
    let turned = mirroring.mirrored(windows, &random)
    return try [options.strong, options.weak].map { change in
      try change(windows, length: options.run.length, mirrored: change.map.mirror ? turned : nil, &random)
    }
  }

  private var mirroring: MapAugmentation { options.strong.map.mirror ? options.strong.map : options.weak.map }
}
