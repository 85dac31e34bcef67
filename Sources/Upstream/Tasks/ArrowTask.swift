public import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors

/// Does time run forwards in this window, or backwards?
///
/// Wei and others, "Learning and Using the Arrow of Time" (CVPR 2018); for acceleration Yuan and others,
/// "Self-supervised learning for human activity recognition using 700,000 person-days of wearable data" (npj Digital
/// Medicine 2024). Each window is reversed or not by the toss of a coin, all its channels alike. A window of noise is
/// as likely either way.
public struct ArrowTask: WindowTask {
  public typealias Options = NoOptions

  public static let name = "arrow"
  public static let summary = "is this window reversed in time"
  public static let paper = "Wei and others, CVPR 2018; Yuan and others, npj Digital Medicine 2024"
  public static let metricName = "accuracy"
  public static let chance = "1/2"

  private let output: Linear

  /// - Throws: `EncoderError` for windows of fewer than 8 samples.
  public init(_ scope: Scope, _ options: NoOptions, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    try requireSamples(8, in: inputs, for: Self.name)
    output = try Linear(scope("output"), inputs: network.encoder.width, outputs: 1)
  }

  /// Signals with enough samples a window.
  public static func serves(_ sensor: Sensor) -> Bool { sensor.hasCourse }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let reversed = coins(windows.count, &random)
    let views = Self.reversed(windows, where: reversed)
    let vectors = try encoder(windows.tensor(views), of: windows.contract.sensor, mode).squeezed(1)
    return try yesOrNo(output(vectors), truth: reversed)
  }

  /// The windows, some of them with their samples in the opposite order.
  package static func reversed(_ windows: PretextWindows, where reversed: [Bool]) -> [Float] {
    var values = windows.values
    let (channels, samples) = windows.contract.mapShape
    for row in 0..<(windows.count * channels) where reversed[row / channels] {
      values[(row * samples)..<((row + 1) * samples)].reverse()
    }
    return values
  }
}
