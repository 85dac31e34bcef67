public import Layers
public import SleepCore
public import Tensors

/// ULW-SleepNet's encoder: dual-stream separable blocks, whose weights all channels share.
///
/// Wang and others, "ULW-SleepNet: An Ultra-Lightweight Network for Multimodal Sleep Stage Scoring" (ICASSP 2026,
/// arXiv:2602.23852). Keras's conventions.
public struct SeparableEncoder: EncoderKind {
  public struct Options: Settings {
    /// Filters of each block.
    public var filters: [Int] = [8, 16, 32]
    /// After each block.
    public var blockDropout: Double = 0.1

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .filters: .whole(1...65_536).list(1...64),
        .blockDropout: .number(0..<1),
      ])

    public init() {}
  }

  public static let name = "ulw-sleepnet"
  public static let summary = "separable convolutions that all channels share: ULW-SleepNet's"

  public let inputs: [WindowContract]
  /// The last block's filters of all channels.
  public let width: Int
  private let options: Options
  private let blocks: [DualStreamBlock]

  /// - Parameter inputs: One, of a signal.
  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    guard inputs.count == 1, !inputs[0].sensor.isMap else {
      throw EncoderError.unfit(kind: Self.name, expected: "one sensor with channels of samples", found: inputs)
    }
    let sizes = [1] + options.filters
    blocks = try sizes.indices.dropFirst().map {
      try DualStreamBlock(scope("blocks")($0 - 1), inputs: sizes[$0 - 1], filters: sizes[$0])
    }
    self.inputs = inputs
    self.options = options
    width = inputs[0].shape[0] * sizes[sizes.count - 1]
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try read(windows, of: sensor, mode, nil).mean([1]).reshaped([windows.shape[0], windows.shape[1], width])
  }

  /// Those of the blocks.
  public func layers(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> [Tensor] {
    var layers: [Tensor] = []
    _ = try read(windows, of: sensor, mode) {
      layers.append(try $0.mean([1]).reshaped([windows.shape[0], windows.shape[1], -1]))
    }
    return layers
  }

  /// What the last block gives, `[batch * length * channels, samples', filters]`, after `see` was given each block's.
  private func read(
    _ windows: Tensor, of sensor: Sensor, _ mode: Mode, _ see: ((Tensor) throws -> Void)?
  ) throws -> Tensor {
    _ = try contract(of: sensor, for: windows)
    let (count, length, channels, samples) = try windows.shape4()
    var x = try windows.reshaped([count * length * channels, samples, 1])
    for block in blocks {
      x = try block(x, mode).dropout(options.blockDropout, mode)
      try see?(x)
    }
    return x
  }
}

/// Two separable convolutions, each normalised, rectified and pooled by two; around them two of kernel 1 and stride 2; the sum.
private struct DualStreamBlock {
  private let convolutions: [SeparableConvolution1D]
  private let norms: [BatchNorm]
  private let shortcuts: [SeparableConvolution1D]

  init(_ scope: Scope, inputs: Int, filters: Int) throws {
    convolutions = try (0..<2).map {
      try SeparableConvolution1D(
        scope("convolutions")($0), inputs: $0 == 0 ? inputs : filters, outputs: filters, kernel: 3, padding: 1)
    }
    norms = try (0..<2).map {
      try BatchNorm(scope("norms")($0), channels: filters, momentum: 0.01, epsilon: 1e-3)
    }
    shortcuts = try (0..<2).map {
      try SeparableConvolution1D(
        scope("shortcuts")($0), inputs: $0 == 0 ? inputs : filters, outputs: filters, kernel: 1, stride: 2)
    }
  }

  /// - Parameter x: `[batch, samples, inputs]`.
  /// - Returns: `[batch, samples / 4, filters]`, rounded up.
  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var main = x
    for (convolution, norm) in zip(convolutions, norms) {
      main = try norm.rectifiedPairs(rows: convolution.overRows(main), mode)
    }
    return try main + shortcuts[0].overRows(x, then: shortcuts[1])
  }
}
