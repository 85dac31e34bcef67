import Corpora
public import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// Fill in what was taken out of a window's spectrogram.
///
/// Some frames and some bands of each channel's short-time spectrum are set to zero, and the window that is left goes through the
/// encoder. From its tokens, in order of time, a light decoder tells the whole window's logarithmic power in each frame and band. The
/// loss is the mean squared error where it was taken out, of cells that are standardised by their running mean and deviation; the
/// metric is the share of the hidden cells' variance about their means that is explained.
///
/// A pressure map has frequencies over space, a spectrogram is one already: see `MapFrequencies` and `ReadySpectrogram`.
///
/// Masking shares after Liu, Li and Lee, "TERA: Self-Supervised Learning of Transformer Encoder Representation for Speech"
/// (2021).
public struct FrequencyTask: WindowTask {
  public struct Options: Settings {
    /// Share of frames that is hidden.
    public var maskFrames: Double = 0.15
    /// Share of bands that is hidden.
    public var maskBins: Double = 0.2
    /// Bands of equal ratio that each frame's power is told in, where there are as many frequencies. Of a pressure map each
    /// frequency is a band.
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
  public static let chance = "0"

  /// What is made for one sensor.
  private struct Part {
    let spectrum: any MaskedSpectrum
    let standard: RunningStandard
    let decoder: FrameDecoder
  }

  private let options: Options
  private let parts: [Sensor: Part]

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    parts = try inputs.reduce(into: [:]) { parts, input in
      let place = scope(input.sensor.rawValue)
      let spectrum = try Self.spectrum(of: input, bands: options.bands)
      let (channels, frames, bands) = (spectrum.shape[0], spectrum.shape[1], spectrum.shape[2])
      parts[input.sensor] = Part(
        spectrum: spectrum, standard: try RunningStandard(place("standard"), shape: spectrum.shape),
        decoder: try FrameDecoder(
          place("decoder"), inputs: network.encoder.width, frames: frames, outputs: channels * bands))
    }
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  /// The picture of a sensor's frequencies that is filled in.
  package static func spectrum(of input: WindowContract, bands: Int) throws -> any MaskedSpectrum {
    let (first, second) = input.mapShape
    return switch (input.sensor.isMap, input.sensor) {
    case (false, _): try SignalSpectrum(channels: first, samples: second, bands: bands)
    case (true, .spectrogram):
      ReadySpectrogram(planes: input.planes, rows: first, columns: second, bands: bands)
    case (true, _): MapFrequencies(planes: input.planes, rows: first, columns: second)
    }
  }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    guard let part = parts[sensor] else { throw EncoderError.sensor(sensor, known: Array(parts.keys)) }
    let shape = part.spectrum.shape
    let runs = (0..<windows.count).map { _ in
      HiddenRuns(frameShare: options.maskFrames, bandShare: options.maskBins, of: shape, &random)
    }
    let share = windows.share(of: windows.count)
    let masked = try part.spectrum.masked(windows.values(share), share.own(runs))
    let tokens = try encoder.tokens(share.spread(windows.tensor(masked.windows)), of: sensor, mode).squeezed(1)
    let told = try part.decoder(tokens).reshaped([windows.count, shape[1], shape[0], shape[2]]).transposed(1, 2)
    func table(_ values: [Float]) throws -> Tensor {
      try Tensor(values, shape: [values.count / shape.reduce(1, *)] + shape).to(windows.device)
    }
    let truth = try part.standard(share.joined(table(masked.cells)), mode)
    let hidden = try table(runs.table(shape))
    return try hiddenError(told: told, truth: truth, hidden: hidden)
  }
}
