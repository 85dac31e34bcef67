import Corpora
public import Encoders
import Foundation
public import Layers
public import SleepCore
import Tensors

/// Fill in what was taken out of a window's spectrogram, and tell its band powers.
///
/// Some frames and some frequencies of each channel's short-time spectrum are set to zero, and the window that is left goes
/// through the encoder. From its vector two linear layers predict the logarithmic spectrogram, scored where it was taken out, and the
/// logarithmic power in bands of equal ratio. Both are standardised over the batch; the loss is the sum of their mean squared
/// errors, the metric the share of the hidden cells' variance that is explained.
///
/// Masking shares after Liu, Li and Lee, "TERA: Self-Supervised Learning of Transformer Encoder Representation for Speech" (2021).
public struct FrequencyTask: WindowTask {
  public struct Options: Settings {
    /// Share of frames that is hidden.
    public var maskFrames: Double = 0.15
    /// Share of frequencies that is hidden.
    public var maskBins: Double = 0.2
    public var bands: Int = 5

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .maskFrames: .number(0..<1),
        .maskBins: .number(0..<1),
        .bands: .whole(1...1000),
      ])

    public var conflict: Misfit? {
      guard maskFrames == 0, maskBins == 0 else { return nil }
      return Misfit(
        "mask_frames", with: ["mask_bins"], is: "0, and so is 'mask_bins'",
        expected: "one above 0: nothing would be hidden")
    }

    public init() {}
  }

  public static let name = "frequency"
  public static let summary = "fill in what was taken out of a window's spectrogram"
  public static let paper = "after Liu, Li and Lee, TERA, 2021"
  public static let metricName = "explained variance"

  private let options: Options
  private let spectra: [Sensor: MaskedSpectrum]
  private let cells: [Sensor: Linear]
  private let powers: [Sensor: Linear]

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    var (spectra, cells, powers): ([Sensor: MaskedSpectrum], [Sensor: Linear], [Sensor: Linear]) = ([:], [:], [:])
    for input in inputs {
      let spectrum = try MaskedSpectrum(channels: input.shape[0], samples: input.shape[1], bands: options.bands)
      let place = scope(input.sensor.rawValue)
      spectra[input.sensor] = spectrum
      cells[input.sensor] = try Linear(place("cells"), inputs: width, outputs: spectrum.cells)
      powers[input.sensor] = try Linear(place("powers"), inputs: width, outputs: spectrum.powers)
    }
    self.options = options
    self.spectra = spectra
    self.cells = cells
    self.powers = powers
  }

  /// Signals with enough samples a window to have a spectrum.
  public static func serves(_ sensor: Sensor) -> Bool { sensor.traits.hasSpectrum }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    guard let spectrum = spectra[sensor], let cells = cells[sensor], let powers = powers[sensor] else {
      throw EncoderError.sensor(sensor, known: Array(spectra.keys))
    }
    let masked = try spectrum.masked(
      windows.values, frames: options.maskFrames, bins: options.maskBins, random: &random)
    let vectors = try encoder(windows.tensor(masked.windows), of: sensor, mode).squeezed(1)
    func target(_ values: [Float]) throws -> Tensor {
      let table = try Tensor(values, shape: [windows.count, -1].map { $0 < 0 ? values.count / windows.count : $0 })
        .to(windows.device)
      let centred = try table - table.mean([0], keepAxes: true)
      return try centred / centred.power(2).mean([0], keepAxes: true).squareRoot().clamp(1e-4)
    }
    let truth = try target(masked.spectrogram)
    let hidden = try Tensor(masked.hidden, shape: truth.shape).to(windows.device)
    let error = try ((cells(vectors) - truth).power(2) * hidden).sum() / hidden.sum().clamp(1)
    let variance = try (truth.power(2) * hidden).sum() / hidden.sum().clamp(1)
    let power = try powers(vectors).meanSquaredError(target(masked.powers))
    return PretextResult(
      loss: try error + power, metric: explained(error: try error.item(), variance: try variance.item()), chance: 0)
  }

  /// A batch without any variance explains nothing.
  private func explained(error: Double, variance: Double) -> Double { variance > 1e-6 ? 1 - error / variance : 0 }
}
