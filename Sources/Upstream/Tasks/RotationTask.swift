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
/// Maps of a body that all lie the same way tell quarter turns without anything of the posture, and such an encoder is worse than a random
/// one. With ``Options/search`` each window is turned a little, by each of ``Options/angles``, twice and changed anew each time; a copy has to
/// find among those of the same sleeper which window it is *and* by which angle it is turned, in one softmax.
///
/// After Gidaris, Singh and Komodakis, "Unsupervised Representation Learning by Predicting Image Rotations" (ICLR 2018).
public struct RotationTask: WindowTask {
  public struct Options: Settings {
    /// Whether window and angle are to be found among others; of maps that show a body alone, others are told quarter turns.
    public var search: Bool = false
    /// Degrees.
    public var angles: [Double] = [-20, 0, 20]
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64
    public var negatives: ContrastTask.Negatives = .sameSubject
    /// How batches are put together, and how windows are changed, where they are searched for.
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .angles: .number(-180...180).list(2...16),
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
      ])

    public init() {}
  }

  public static let name = "rotation"
  public static let summary = "by how much was this window turned"
  public static let paper = "Gidaris, Singh and Komodakis, ICLR 2018"
  public static let metricName = "accuracy"
  public static let chance = "1/4"

  private let options: Options
  private let output: Linear
  private let relative: Linear
  private let projector: Projector?

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    output = try Linear(scope("output"), inputs: width, outputs: View.rotations.count)
    relative = try Linear(scope("relative"), inputs: 2 * width, outputs: View.rotations.count)
    projector =
      options.search
      ? try Projector(
        scope("projector"), inputs: width, hidden: width, outputs: options.projection, isNormalised: false) : nil
    self.options = options
  }

  public var grouping: BatchGrouping? {
    options.search ? options.pairs.grouping(within: options.negatives.unit) : nil
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    if let projector, sensor.traits.showsBody { return try search(windows, encoder, projector, &random, mode) }
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
      let views = try maker(windows.values, View.rotations, &random)
      turns = View.rotations.flatMap { [Int](repeating: $0.rawValue, count: windows.count) }
      logits = try output(encoder(windows.tensor(views), of: sensor, mode).squeezed(1))
    }
    let truth = try Tensor(turns.map(Int64.init)).to(windows.device)
    let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
    return PretextResult(
      loss: try logits.crossEntropy(truth), metric: accuracy, chance: 1 / Double(View.rotations.count))
  }

  /// Which window is this, and by which angle is it turned?
  private func search(
    _ windows: PretextWindows, _ encoder: any Encoder, _ projector: Projector, _ random: inout RandomSource,
    _ mode: Mode
  ) throws -> PretextResult {
    let (count, angles) = (windows.count, options.angles)
    // Angle by angle all windows, and all of that twice.
    let order = (0..<(2 * angles.count)).flatMap { _ in Array(0..<count) }
    let turned = (0..<2).flatMap { _ in angles.flatMap { [Double](repeating: $0, count: count) } }
    let mirrored = Pairs.mirrored(windows, order, options.pairs.map, &random)
    let copies = try options.pairs.map(
      windows.tensor(windows.values(at: order)).squeezed(1), mirrored: mirrored, turned: turned,
      generator: Generator(seed: random.next()))
    let vectors = try encoder(copies.unsqueezed(1), of: windows.contract.sensor, mode).squeezed(1)
    // A window drawn twice is no negative of itself at the same angle.
    let places = windows.placeNumbers(order).enumerated().map { position, place in
      place * angles.count + position / count % angles.count
    }
    return try pairContrast(
      projector(vectors.relu(), mode), temperature: options.temperature,
      groups: options.negatives.groups(windows, order), places: places)
  }
}

/// The pairs of channels in whose planes a window turns.
package struct TurningPlane {
  private let pairs: [(Int, Int)]
  private let channels: Int
  private let samples: Int

  /// `nil` where the sensor has no such planes, or not the channels for them.
  package init?(_ contract: WindowContract) {
    channels = contract.shape[0]
    samples = contract.shape[1]
    switch contract.sensor.traits.turn {
    case .inPhase where channels % 2 == 0: pairs = (0..<(channels / 2)).map { (2 * $0, 2 * $0 + 1) }
    case .aboutThirdAxis where channels == 3: pairs = [(0, 1)]
    default: return nil
    }
  }

  /// Each window turned by so many quarters, counter-clockwise.
  package func turned(_ windows: [Float], by quarters: [Int]) -> [Float] {
    var result = windows
    for (window, turn) in quarters.enumerated() where turn % 4 != 0 {
      let start = window * channels * samples
      for (real, imaginary) in pairs {
        for sample in 0..<samples {
          let (i, q) = (start + real * samples + sample, start + imaginary * samples + sample)
          (result[i], result[q]) =
            switch turn % 4 {
            case 1: (-windows[q], windows[i])
            case 2: (-windows[i], -windows[q])
            default: (windows[q], -windows[i])
            }
        }
      }
    }
    return result
  }
}
