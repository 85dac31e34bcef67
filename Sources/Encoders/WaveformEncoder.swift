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

  public func vectors(_ sequences: Sequences, in stretch: Tensor, of sensor: Sensor) throws -> Tensor {
    _ = try contract(of: sensor, for: stretch)
    guard let stem = stems[sensor] else { throw EncoderError.sensor(sensor, known: inputs.map(\.sensor)) }
    return try stem(sequences, in: stretch)
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
    try pooled(blocks.reduce(first(Self.waveform(windows), mode)) { try $1($0, mode) }, length: windows.shape[1])
  }

  /// The vectors of sequences in inference. What they share is convolved once: all samples of each map up to the first block whose pooling would
  /// join other pairs in one sequence than in another, but for those at a sequence's ends, which see zeros beyond it.
  ///
  /// - Parameter stretch: `[1, windows, channels, samples]`.
  /// - Returns: `[sequences, length, width]`.
  func callAsFunction(_ sequences: Sequences, in stretch: Tensor) throws -> Tensor {
    let (samples, size) = (stretch.shape[3], sequences.length * stretch.shape[3])
    // A start of an odd number of samples shares no pairs with one of an even number.
    let halvings = sequences.starts.map { ($0 * samples).trailingZeroBitCount }.min() ?? 0
    let shared = min(blocks.count - 1, halvings)
    let length = size >> shared
    let (reach, strip) = (Self.reach, 2 * Self.reach)
    guard sequences.overlap, length > 2 * strip else { return try self(sequences(stretch), .inference) }
    let waveform = try Self.waveform(stretch)
    let begins = sequences.starts.map { $0 * samples }
    func ends(_ range: Range<Int>) throws -> (main: Tensor, around: Tensor) {
      let parts = try begins.map { try waveform.narrowed(2, ($0 + range.lowerBound)..<($0 + range.upperBound)) }
      return try front(.concatenate(parts, axis: 0), blocks: shared)
    }
    let whole = try front(waveform, blocks: shared)
    let heads = try ends(0..<(strip << shared))
    let tails = try ends(((length - strip) << shared)..<size)
    func joined(_ whole: Tensor, _ heads: Tensor, _ tails: Tensor) throws -> Tensor {
      let middles = try begins.map { begin in
        try whole.narrowed(1, ((begin >> shared) + reach)..<((begin >> shared) + length - reach))
      }
      return try .concatenate(
        [
          heads.narrowed(1, 0..<reach), .concatenate(middles, axis: 0), tails.narrowed(1, (strip - reach)..<strip),
        ], axis: 1)
    }
    let x = try blocks[shared].joined(
      joined(whole.main, heads.main, tails.main), joined(whole.around, heads.around, tails.around), .inference)
    return try pooled(blocks[(shared + 1)...].reduce(x) { try $1($0, .inference) }, length: sequences.length)
  }

  /// How many samples of a map, at either end of a waveform, know that it ends there, whichever block they are in: the first convolution reaches
  /// 3, two of a block 2 more, and pooling halves that.
  private static let reach = 5

  /// Both maps of a block before they are normalised and pooled, with all that is before it.
  private func front(_ waveform: Tensor, blocks count: Int) throws -> (main: Tensor, around: Tensor) {
    try blocks[count].convolved(
      blocks[..<count].reduce(first(waveform, .inference)) { try $1($0, .inference) }, .inference)
  }

  /// `[batch, channels, samples]`.
  private static func waveform(_ windows: Tensor) throws -> Tensor {
    let (batch, length, channels, samples) = try windows.shape4()
    return try windows.transposed(1, 2).reshaped([batch, channels, length * samples])
  }

  /// From here on maps are `[batch, samples, channels]`, a layout that convolutions read without a copy.
  private func first(_ waveform: Tensor, _ mode: Mode) throws -> Tensor {
    try norm.rectified(rows: stem(waveform).transposed(1, 2), mode)
  }

  private func pooled(_ x: Tensor, length: Int) throws -> Tensor {
    try projection(x.transposed(1, 2).adaptiveAveragePool1d(length).transposed(1, 2))
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

  /// - Parameter x: `[batch, samples, inputs]`.
  /// - Returns: `[batch, samples / 2, outputs]`; a waveform of a few windows may be shorter than all the pooling: its last sample then counts.
  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let (main, around) = try convolved(x, mode)
    return try joined(main, around, mode)
  }

  func convolved(_ x: Tensor, _ mode: Mode) throws -> (main: Tensor, around: Tensor) {
    let main = try convolution2.overRows(norm1.rectified(rows: convolution1.overRows(x), mode))
    return (main, try shortcut.overRows(x))
  }

  func joined(_ main: Tensor, _ around: Tensor, _ mode: Mode) throws -> Tensor {
    try norm2.rectifiedSumOfPairs(rows: main, around, by: shortcutNorm, mode)
  }
}
