public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors
import Training

/// Are these three windows of one recording in order: is the second between the others in time?
///
/// The temporal shuffling of Banville and others, "Uncovering the structure of clinical EEG signals with
/// self-supervised learning" (Journal of Neural Engineering 2021): the first and the third window are near each other,
/// and the second is between them or far away. A logistic regression reads `|h1 - h2|` and `|h2 - h3|`. Half of the
/// triplets are turned round, which changes no answer.
public struct OrderTask: WindowTask {
  public struct Options: Settings {
    /// The greatest distance of the first and the third window, in windows.
    public var near: Int = 6
    /// The least distance of a window that is not between them, in windows.
    public var far: Int = 30
    /// Recordings in a batch.
    public var recordings: Int = 8
    /// Triplets of near windows of each recording in a batch.
    public var pieces: Int = 6

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .near: .whole(2...100_000),
        .far: .whole(3...1_000_000),
        .recordings: .whole(1...4096),
        .pieces: .whole(2...4096),
      ])

    public var conflict: Misfit? {
      far > near ? nil : Misfit("far", with: ["near"], is: "\(far)", expected: "more than 'near', \(near)")
    }

    public init() {}
  }

  public static let name = "order"
  public static let summary = "is the second of three windows between the others in time"
  public static let paper = "Banville and others, Journal of Neural Engineering 2021"
  public static let metricName = "accuracy"
  public static let chance = "1/2"

  private let options: Options
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    output = try Linear(scope("output"), inputs: 2 * network.encoder.width, outputs: 1)
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public var grouping: BatchGrouping? {
    .nearAndFar(
      near: options.near, far: options.far, recordings: options.recordings, pieces: options.pieces, windows: 3)
  }

  /// - Parameter windows: Triplets of near windows, as ``grouping`` has them.
  /// - Throws: `TrainingError` where no window is far from another.
  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let pieces = try Pieces(windows, size: 3, far: options.far, for: Self.name)
    let (triplets, truth) = Self.triplets(pieces, &random)
    let vectors = try encoder(windows.tensor(windows.values), of: windows.contract.sensor, mode).squeezed(1)
    let parts = try (0..<3).map { part in try vectors.rows(triplets.map { $0[part] }) }
    let steps = try [(parts[0] - parts[1]).magnitude(), (parts[1] - parts[2]).magnitude()]
    return try yesOrNo(output(.concatenate(steps, axis: 1)), truth: truth)
  }

  /// Of each piece its three windows in order, and its outer ones about one that is far.
  package static func triplets(_ pieces: Pieces, _ random: inout RandomSource) -> (
    positions: [[Int]], isOrdered: [Bool]
  ) {
    var (positions, isOrdered): ([[Int]], [Bool]) = ([], [])
    for (near, far) in zip(pieces.near, pieces.far) {
      for second in [near[1], far[Int.random(in: far.indices, using: &random)]] {
        let triplet = [near[0], second, near[2]]
        positions.append(Bool.random(using: &random) ? triplet : triplet.reversed())
        isOrdered.append(second == near[1])
      }
    }
    return (positions, isOrdered)
  }
}
