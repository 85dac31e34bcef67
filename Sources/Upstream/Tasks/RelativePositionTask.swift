public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors
import Training

/// Are these two windows of one recording near each other in time, or far apart?
///
/// Banville and others, "Uncovering the structure of clinical EEG signals with self-supervised learning" (Journal of
/// Neural Engineering 2021): a logistic regression on the magnitudes of the differences of the two vectors, `|h1 -
/// h2|`. Each pair of near windows comes with a far one of the same recording, so whose windows they are does not tell.
/// Pairs between near and far are not asked about.
public struct RelativePositionTask: WindowTask {
  public struct Options: Settings {
    /// The greatest distance of near windows, in windows.
    public var near: Int = 2
    /// The least distance of far windows, in windows.
    public var far: Int = 30
    /// Recordings in a batch.
    public var recordings: Int = 8
    /// Pairs of near windows of each recording in a batch.
    public var pieces: Int = 8

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .near: .whole(1...100_000),
        .far: .whole(2...1_000_000),
        .recordings: .whole(1...4096),
        .pieces: .whole(2...4096),
      ])

    public var conflict: Misfit? {
      far > near ? nil : Misfit("far", with: ["near"], is: "\(far)", expected: "more than 'near', \(near)")
    }

    public init() {}
  }

  public static let name = "relative-position"
  public static let summary = "are two windows of a recording near each other in time"
  public static let paper = "Banville and others, Journal of Neural Engineering 2021"
  public static let metricName = "accuracy"
  public static let chance = "1/2"

  private let options: Options
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    output = try Linear(scope("output"), inputs: network.encoder.width, outputs: 1)
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public var grouping: BatchGrouping? {
    .nearAndFar(
      near: options.near, far: options.far, recordings: options.recordings, pieces: options.pieces, windows: 2)
  }

  /// - Parameter windows: Pairs of near windows, as ``grouping`` has them.
  /// - Throws: `TrainingError` where no window is far from another.
  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let pieces = try Pieces(windows, size: 2, far: options.far, for: Self.name)
    let (pairs, truth) = Self.pairs(pieces, &random)
    let vectors = try encoder(windows.tensor(windows.values), of: windows.contract.sensor, mode).squeezed(1)
    let (first, second) = (try vectors.rows(pairs.map { $0[0] }), try vectors.rows(pairs.map { $0[1] }))
    return try yesOrNo(output((first - second).magnitude()), truth: truth)
  }

  /// Of each piece its two windows, and its first one with one that is far.
  package static func pairs(_ pieces: Pieces, _ random: inout RandomSource) -> (positions: [[Int]], isNear: [Bool]) {
    var (positions, isNear): ([[Int]], [Bool]) = ([], [])
    for (near, far) in zip(pieces.near, pieces.far) {
      positions += [near, [near[0], far[Int.random(in: far.indices, using: &random)]]]
      isNear += [true, false]
    }
    return (positions, isNear)
  }
}
