import Corpora
public import Encoders
public import Layers
public import SleepCore
import Tensors

/// Which bins of frequencies is this made-up window of?
///
/// Windows are sums of sines of random frequencies, amplitudes and phases, and the encoder tells in which bins there is one. Nothing of
/// a recording is used but its windows' shape. The loss is binary cross-entropy over all bins.
///
/// Grieger, Mehrkanoon and Bialonski, "Data-Efficient Sleep Staging with Synthetic Time Series Pretraining"
/// (arXiv:2403.08592; Algorithms 18, 2025): there of 20 bins of equal ratio from 0.3 to 35 Hz in windows of 30 s at 100 Hz, with
/// amplitudes that are all 1.
///
/// The metric is the mean of the shares of present and of absent bins that are told right, within each window that has both. The number
/// of sines, which a window's shape alone gives away, does not help: chance is a half, whatever is answered for all bins.
public struct MadeUpSpectraTask: WindowTask {
  public struct Options: Settings {
    /// Bins of frequencies; fewer in short windows, which cannot tell so many apart.
    public var bins: Int = 20
    /// The lowest frequency, in cycles a window; 9 in the publication.
    public var lowestCycles: Double = 3
    /// The highest frequency, as a share of half the sample rate.
    public var highestShare: Double = 0.7
    /// Greatest change of the logarithm of a sine's amplitude; 0 in the publication.
    public var amplitudeSpread: Double = 0.5

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .bins: .whole(2...1000),
        .lowestCycles: .number(0.1...1_000_000),
        .highestShare: .number(above: 0, to: 1),
        .amplitudeSpread: .number(0...10),
      ])

    public init() {}
  }

  public static let name = "made-up-spectra"
  public static let summary = "which frequencies is a made-up window of"
  public static let paper = "Grieger, Mehrkanoon and Bialonski, 2024"
  public static let metricName = "balanced accuracy"
  public static let chance = "1/2"

  private let spectra: [Sensor: MadeUpSpectra]
  private let outputs: [Sensor: Linear]

  /// - Throws: `EncoderError` for windows that are too short for two bins.
  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    var (spectra, outputs): ([Sensor: MadeUpSpectra], [Sensor: Linear]) = ([:], [:])
    for input in inputs {
      let made = MadeUpSpectra(
        channels: input.shape[0], samples: input.shape[1], bins: options.bins, lowestCycles: options.lowestCycles,
        highestShare: options.highestShare, spread: options.amplitudeSpread)
      guard let made else {
        throw EncoderError.recipe(
          "\(Self.name): windows of \(input.summary) are too short for two bins of frequencies, each one cycle wide: "
            + "lower 'lowest_cycles', or leave the sensor out of 'sensors'")
      }
      spectra[input.sensor] = made
      outputs[input.sensor] = try Linear(
        scope(input.sensor.rawValue), inputs: network.encoder.width, outputs: made.bins)
    }
    (self.spectra, self.outputs) = (spectra, outputs)
  }

  /// Signals with enough samples a window to have a spectrum.
  public static func serves(_ sensor: Sensor) -> Bool { sensor.traits.hasSpectrum }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    guard let maker = spectra[sensor], let output = outputs[sensor] else {
      throw EncoderError.sensor(sensor, known: Array(spectra.keys))
    }
    let (made, present) = maker(windows.count, &random)
    let logits = try output(encoder(windows.tensor(made), of: sensor, mode).squeezed(1))
    let truth = try Tensor(present, shape: logits.shape).to(windows.device)
    return PretextResult(
      loss: try logits.binaryCrossEntropy(truth),
      metric: balancedAccuracy(told: try logits.values(Float.self).map { $0 > 0 }, present, bins: maker.bins),
      chance: 0.5)
  }
}

/// The mean of the shares of present and of absent bins that are told right, over the windows that have both; a half where none has.
///
/// - Parameters:
///   - told: `[windows, bins]`.
///   - present: The same shape, 0 or 1.
package func balancedAccuracy(told: [Bool], _ present: [Float], bins: Int) -> Double {
  var (sum, windows) = (0.0, 0)
  for start in stride(from: 0, to: present.count, by: bins) {
    var (right, count) = ([0.0, 0.0], [0.0, 0.0])
    for bin in start..<(start + bins) {
      let truth = present[bin] > 0.5
      count[truth ? 1 : 0] += 1
      if told[bin] == truth { right[truth ? 1 : 0] += 1 }
    }
    guard count[0] > 0, count[1] > 0 else { continue }
    sum += (right[0] / count[0] + right[1] / count[1]) / 2
    windows += 1
  }
  return windows > 0 ? sum / Double(windows) : 0.5
}
