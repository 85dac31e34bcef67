public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors

/// Are the segments of this window in their order, or shuffled?
///
/// Yuan and others, "Self-supervised learning for human activity recognition using 700,000 person-days of wearable
/// data" (npj Digital Medicine 2024): four segments of random lengths, the same in all channels; a shuffled window is
/// never in its own order. Other than there, windows of both kinds are cut, and blank for a moment at each cut: without
/// that a jump at a seam tells them apart. The paper's are `gap: 0` and `shortest: 0.033`, 10 of 300 samples. What
/// changes more slowly than a blank lasts still shows whether it goes on behind it.
public struct PermutationTask: WindowTask {
  public struct Options: Settings {
    public var segments: Int = 4
    /// The least length of a segment, as a share of the window; at least two samples.
    public var shortest: Double = 0.1
    /// How much of a window is set to its mean about each cut, as a share of the window; at least a sample where above
    /// 0.
    public var gap: Double = 0.05

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .segments: .whole(2...64),
        .shortest: .number(0...0.5),
        .gap: .number(0..<0.5),
      ])

    public var conflict: Misfit? {
      if shortest * Double(segments) > 1 {
        return Misfit(
          "shortest", with: ["segments"], is: "\(shortest)",
          expected: "at most \(1 / Double(segments)): there are \(segments) segments")
      }
      guard gap > 0, gap >= shortest else { return nil }
      return Misfit("gap", with: ["shortest"], is: "\(gap)", expected: "less than 'shortest', \(shortest)")
    }

    public init() {}
  }

  public static let name = "permutation"
  public static let summary = "are the segments of this window shuffled"
  public static let paper = "Yuan and others, npj Digital Medicine 2024"
  public static let metricName = "accuracy"
  public static let chance = "1/2"

  private let options: Options
  private let output: Linear

  /// - Throws: `EncoderError` for windows of fewer than 8 samples, or than two a segment.
  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    try requireSamples(max(8, 2 * options.segments), in: inputs, for: Self.name)
    self.options = options
    output = try Linear(scope("output"), inputs: network.encoder.width, outputs: 1)
  }

  /// Signals with enough samples a window.
  public static func serves(_ sensor: Sensor) -> Bool { sensor.hasCourse }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let shuffle = SegmentShuffle(
      windows.contract, segments: options.segments, shortest: options.shortest, gap: options.gap)
    let shuffled = coins(windows.count, &random)
    let views = shuffle(windows.values, where: shuffled, &random)
    let vectors = try encoder(windows.tensor(views), of: windows.contract.sensor, mode).squeezed(1)
    return try yesOrNo(output(vectors), truth: shuffled)
  }
}
