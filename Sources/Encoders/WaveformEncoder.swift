public import Layers
public import SleepCore
public import Tensors

/// SleepVST's encoders: of each sensor residual convolutions over the whole sequence in time, pooled to a vector a window.
///
/// Carter and others, "SleepVST: Sleep Staging from Near-Infrared Video Signals using Pre-Trained Transformers" (CVPR
/// 2024). Parameters are named `<sensor>.…`. A window's vector depends on its neighbours, as far as the convolutions reach.
public struct WaveformEncoder: EncoderKind {
  public struct Options: Settings {
    /// The size of a window's vector; 64 in the publication, of each of two sensors.
    public var width: Int = 64

    public static let ranges = NumberRanges(CodingKeys.self, [.width: .whole(1...65_536)])

    public init() {}
  }

  public static let name = "sleepvst"
  public static let summary = "residual convolutions over a sequence's waveform: SleepVST's"

  public let inputs: [WindowContract]
  public let width: Int
  private let stems: [Sensor: WaveformStem]

  public var readsNeighbours: Bool { true }

  /// - Parameter inputs: Of signals; the stems are made in their order.
  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    if let map = inputs.first(where: \.sensor.isMap) {
      throw EncoderError.unfit(kind: Self.name, expected: "channels of samples", found: [map])
    }
    self.inputs = inputs
    width = options.width
    stems = try inputs.reduce(into: [:]) { stems, input in
      stems[input.sensor] = try WaveformStem(
        scope(input.sensor.rawValue), channels: input.shape[0], width: options.width)
    }
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    _ = try contract(of: sensor, for: windows)
    guard let stem = stems[sensor] else { throw EncoderError.sensor(sensor, known: inputs.map(\.sensor)) }
    return try stem(windows, mode)
  }
}

/// Residual convolutions of one sensor over a whole sequence in time, pooled to a vector a window.
///
/// As published: the waveform is convolved and normalised whole, so that windows that were not measured, and padding, are
/// stretches of zeros in it and count in the batch statistics.
private struct WaveformStem {
  /// Channels of the first convolution, then those that come out of each block.
  private static let channels = [16, 32, 32, 64, 64, 64, 64]

  private let stem: Convolution1D
  private let norm: BatchNorm
  private let blocks: [ResidualBlock]
  private let projection: Linear

  init(_ scope: Scope, channels: Int, width: Int) throws {
    let sizes = Self.channels
    stem = try Convolution1D(scope("stem"), inputs: channels, outputs: sizes[0], kernel: 7, padding: 3)
    norm = try BatchNorm(scope("norm"), channels: sizes[0])
    blocks = try sizes.indices.dropFirst().map {
      try ResidualBlock(scope("blocks")($0 - 1), inputs: sizes[$0 - 1], outputs: sizes[$0])
    }
    projection = try Linear(scope("projection"), inputs: sizes[sizes.count - 1], outputs: width)
  }

  /// - Parameter windows: `[batch, length, channels, samples]`, consecutive in time.
  /// - Returns: `[batch, length, width]`.
  func callAsFunction(_ windows: Tensor, _ mode: Mode) throws -> Tensor {
    let (batch, length, channels, samples) = try windows.shape4()
    let waveform = try windows.transposed(1, 2).reshaped([batch, channels, length * samples])
    var x = try norm(stem(waveform), mode).relu()
    for block in blocks { x = try block(x, mode) }
    return try projection(x.adaptiveAveragePool1d(length).transposed(1, 2))
  }
}

/// Two convolutions and a shortcut, each normalised and pooled by two, and their sum.
private struct ResidualBlock {
  private let convolution1: Convolution1D
  private let norm1: BatchNorm
  private let convolution2: Convolution1D
  private let norm2: BatchNorm
  private let shortcut: Convolution1D
  private let shortcutNorm: BatchNorm

  init(_ scope: Scope, inputs: Int, outputs: Int) throws {
    convolution1 = try Convolution1D(scope("conv1"), inputs: inputs, outputs: outputs, kernel: 3, padding: 1)
    norm1 = try BatchNorm(scope("norm1"), channels: outputs)
    convolution2 = try Convolution1D(scope("conv2"), inputs: outputs, outputs: outputs, kernel: 3, padding: 1)
    norm2 = try BatchNorm(scope("norm2"), channels: outputs)
    shortcut = try Convolution1D(scope("shortcut"), inputs: inputs, outputs: outputs, kernel: 1)
    shortcutNorm = try BatchNorm(scope("shortcut_norm"), channels: outputs)
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    // A waveform of a few windows may be shorter than all the pooling: its last sample then counts.
    let ceiling = x.shape[2] == 1
    let main = try norm2(convolution2(norm1(convolution1(x), mode).relu()), mode).maxPoolPairs(ceiling: ceiling)
    let around = try shortcutNorm(shortcut(x), mode).maxPoolPairs(ceiling: ceiling)
    return try (main + around).relu()
  }
}
