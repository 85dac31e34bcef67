import Training
public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors

/// How far was this window turned: by 0, 90, 180 or 270 degrees, in the sense that a turn has for its sensor?
///
/// A pressure map turns in its plane, and other signals as folded squares; the turn is told from one view. Radar turns in the
/// phase plane of each I/Q pair, and acceleration about its third axis: there a single view has no upright position, so the
/// turn is told between two views, the first of them turned at random.
///
/// Maps of a body that all lie the same way tell quarter turns without anything of the posture, folded signals tell them by how rough the rows
/// are, and such an encoder is worse than a random one. So a turned window is by default *searched for*, among the same sleeper's others at
/// all turns (``ViewSearch``); maps of a body are turned by small angles, so that the posture stays what it is. With ``Options/search`` off, the
/// turn alone is told, as published.
///
/// After Gidaris, Singh and Komodakis, "Unsupervised Representation Learning by Predicting Image Rotations" (ICLR 2018).
public struct RotationTask: WindowTask {
  public struct Options: Settings {
    /// Whether window and turn are to be found among others.
    public var search: Bool = true
    /// Degrees, of maps that show a body; other windows are searched for at quarter turns.
    public var angles: [Double] = [-20, 0, 20]
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64
    public var negatives: ContrastTask.Negatives = .sameSubject
    /// How batches are put together, and how windows are changed before they are turned, in a search.
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .angles: .number(-180...180).list(2...16),
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
      ])

    public var conflict: Misfit? { pairs.toldMisfit }

    public init() {}
  }

  public static let name = "rotation"
  public static let summary = "which window is this, and by how much was it turned"
  public static let paper = "Gidaris, Singh and Komodakis, ICLR 2018"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"

  private let options: Options
  private let output: Linear
  private let relative: Linear
  private let search: ViewSearch?

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    output = try Linear(scope("output"), inputs: width, outputs: View.rotations.count)
    relative = try Linear(scope("relative"), inputs: 2 * width, outputs: View.rotations.count)
    search =
      options.search
      ? try ViewSearch(
        scope("projector"), width: width, projection: options.projection, temperature: options.temperature,
        negatives: options.negatives, pairs: options.pairs) : nil
    self.options = options
  }

  public var grouping: BatchGrouping? { search?.grouping }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    if let search {
      let turns = try SearchedViews.turns(windows.contract, degrees: options.angles)
      return try search(windows, seen: turns, encoder, &random, mode)
    }
    let sensor = windows.contract.sensor
    let logits: Tensor
    let turns: [Int]
    if let plane = TurningPlane(windows.contract) {
      let first = (0..<windows.count).map { _ in Int.random(in: 0..<4, using: &random) }
      turns = (0..<windows.count).map { _ in Int.random(in: 0..<4, using: &random) }
      let anchors = plane.turned(windows.values, by: first)
      let others = plane.turned(anchors, by: turns)
      let vectors = try encoder(windows.tensor(anchors + others), of: sensor, mode).squeezed(1)
      logits = try relative(.concatenate(vectors.split(windows.count, axis: 0), axis: 1))
    } else {
      let maker = try ViewMaker(windows.contract)
      let views = try maker(windows.values, View.rotations, &random, of: windows.share(of: windows.count))
      turns = View.rotations.flatMap { [Int](repeating: $0.rawValue, count: windows.count) }
      logits = try output(encoder(windows.tensor(views), of: sensor, mode).squeezed(1))
    }
    let truth = try Tensor(turns.map(Int64.init)).to(windows.device)
    let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
    return PretextResult(
      loss: try logits.crossEntropy(truth), metric: accuracy, chance: 1 / Double(View.rotations.count))
  }
}
