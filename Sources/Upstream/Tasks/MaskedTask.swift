public import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// Fill in patches that were hidden from a window: stretches of a signal, in all its channels, or rectangles of a map.
///
/// He and others, "Masked Autoencoders Are Scalable Vision Learners" (CVPR 2022). The encoder sees the window with something else
/// where patches are hidden. From its tokens a light decoder tells each patch, normalised by itself, in each channel; the loss is
/// the mean squared error of the hidden ones. Of maps with a reference both are hidden, and the map alone is told. The encoders here
/// do not leave patches out, so hidden ones are filled as in Xie and others, "SimMIM" (CVPR 2022).
///
/// The metric is the share of the hidden patches' variance that is explained; a model that knows a place's mean and nothing of the window
/// has 0. A window of a single patch is hidden whole, and then there is nothing to learn.
public struct MaskedTask: WindowTask {
  /// What stands in a window where patches are hidden.
  public enum Fill: String, Codable, CaseIterable, Sendable {
    /// One patch that is learnt, which begins as zeros.
    case learned
    case zeros
    /// The same patch of another window of the batch: values and batch statistics stay as they are in whole windows.
    case others
  }

  public struct Options: Settings {
    /// The share of patches that is hidden; 0.75 in the publication, of photographs.
    public var hidden: Double = 0.5
    public var fill: Fill = .learned
    /// How many stretches a signal is cut into, of four samples or more.
    public var stretches: Int = 16
    /// The size of a map's rectangles.
    public var patchRows: Int = 4
    public var patchColumns: Int = 4
    /// Whether each patch is told as what has mean 0 and deviation 1; else as it is.
    public var normalized: Bool = true
    public var decoder: DecoderOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .hidden: .number(above: 0, below: 1),
        .stretches: .whole(2...4096),
        .patchRows: .whole(1...4096),
        .patchColumns: .whole(1...4096),
      ])

    public init() {}
  }

  public static let name = "masked"
  public static let summary = "fill in patches that were hidden from a signal or a map"
  public static let paper = "He and others, MAE, CVPR 2022"
  public static let metricName = "explained variance"
  public static let chance = "0"

  /// Maps, and signals with enough samples a window to have patches.
  public static func serves(_ sensor: Sensor) -> Bool { sensor.isMap || sensor.traits.hasSpectrum }

  /// What is made for each sensor.
  private struct Part {
    let grid: PatchGrid
    /// Planes that are told: all channels of a signal, a map without its reference.
    let told: Int
    /// `[1, 1, planes, cells]`.
    let learned: Tensor
    let output: Linear
  }

  private let options: Options
  private let decoder: PatchDecoder
  private let parts: [Sensor: Part]

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    decoder = try PatchDecoder(scope("decoder"), options.decoder, inputs: network.encoder.width)
    parts = try inputs.reduce(into: [:]) { parts, input in
      let place = scope(input.sensor.rawValue)
      let grid = PatchGrid(
        input, stretches: options.stretches, rectangle: (options.patchRows, options.patchColumns))
      let told = input.sensor.isMap ? 1 : grid.planes
      parts[input.sensor] = Part(
        grid: grid, told: told, learned: try place.parameter("hidden", [1, 1, grid.planes, grid.cells], .zeros),
        output: try Linear(place("output"), inputs: options.decoder.width, outputs: told * grid.cells))
    }
  }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let (sensor, count) = (windows.contract.sensor, windows.count)
    guard let part = parts[sensor] else { throw EncoderError.sensor(sensor, known: Array(parts.keys)) }
    let grid = part.grid
    let whole = try windows.tensor(windows.values).reshaped([count, grid.planes, grid.window.rows, grid.window.columns])
    let hidden = try grid.hidden(count, share: options.hidden, &random).to(windows.device)
    let seen = try masked(whole, hidden, part, &random).reshaped([count, 1] + windows.contract.shape)
    let tokens = try encoder.tokens(seen, of: sensor, mode).squeezed(1)
    let share = windows.share(of: count)
    let told = try part.output(
      decoder(
        share.own(tokens), at: grid.positions(ofTokens: tokens.shape[1], width: decoder.width)?.to(windows.device),
        patches: grid.positions(width: decoder.width).to(windows.device), mode))
    let patches = try grid.patches(whole).narrowed(2, 0..<part.told)
    let truth = try options.normalized ? normalizedPatches(patches) : patches
    let result = try MaskedReconstruction(
      told, truth: truth.reshaped([count] + told.shape.dropFirst()), hidden: hidden, of: share)
    return PretextResult(loss: result.error, metric: result.explained, chance: 0)
  }

  /// The windows with something else where patches are hidden.
  private func masked(_ whole: Tensor, _ hidden: Tensor, _ part: Part, _ random: inout RandomSource) throws -> Tensor {
    let (count, patches) = (hidden.shape[0], hidden.shape[1])
    let mask = try part.grid.joined(hidden.reshaped([count, patches, 1, 1]))
    let visible = try whole * ((mask - 1) * -1)
    switch options.fill {
    case .zeros: return visible
    case .learned: return try visible + part.grid.joined(part.learned) * mask
    case .others:
      guard count > 1 else { return visible }
      return try visible + whole.rolled([Int.random(in: 1..<count, using: &random)], axes: [0]) * mask
    }
  }
}
