public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors

/// Does time run evenly through this window, or now faster and now slower?
///
/// Yuan and others, "Self-supervised learning for human activity recognition using 700,000 person-days of wearable
/// data" (npj Digital Medicine 2024): the speed is a smooth curve through deviates of 0.2 about 1 at four places
/// between the ends. Other than there, all channels have one clock, and the windows in which time is even are
/// interpolated too (``TimeWarp``): how smooth a window is does not tell. Where it is smoother than elsewhere still
/// does, for that is what a change of speed is: even of white noise a small encoder has 0.63 of the answers right after
/// 800 steps.
public struct WarpTask: WindowTask {
  public struct Options: Settings {
    /// Places between a window's ends where a speed is drawn.
    public var knots: Int = 4
    /// The deviation of speeds, 1 being the mean.
    public var strength: Double = 0.2
    /// The greatest share of a window that is not read.
    public var crop: Double = 0.2

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .knots: .whole(1...64),
        .strength: .number(above: 0, to: 1),
        .crop: .number(above: 0, below: 1),
      ])

    public init() {}
  }

  public static let name = "warp"
  public static let summary = "does time run now faster and now slower through this window"
  public static let paper = "Yuan and others, npj Digital Medicine 2024"
  public static let metricName = "accuracy"
  public static let chance = "1/2"

  private let options: Options
  private let output: Linear

  /// - Throws: `EncoderError` for windows of fewer than 8 samples.
  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    try requireSamples(8, in: inputs, for: Self.name)
    self.options = options
    output = try Linear(scope("output"), inputs: network.encoder.width, outputs: 1)
  }

  /// Signals with enough samples a window.
  public static func serves(_ sensor: Sensor) -> Bool { sensor.hasCourse }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let warp = TimeWarp(windows.contract, knots: options.knots, strength: options.strength, crop: options.crop)
    let warped = coins(windows.count, &random)
    let views = warp(windows.values, where: warped, &random)
    let vectors = try encoder(windows.tensor(views), of: windows.contract.sensor, mode).squeezed(1)
    return try yesOrNo(output(vectors), truth: warped)
  }
}
