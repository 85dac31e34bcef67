public import Layers
public import SleepCore
public import Tensors

/// The spectrogram CNN's encoder: seven convolutions over a window's map and a dense layer.
///
/// The published network of 51 x 59 spectrograms in five classes, without its last layer.
public struct SpectrogramEncoder: EncoderKind {
  public struct Options: Settings {
    /// Before the hidden layer.
    public var mapDropout: Double = 0.25
    /// Width of the hidden layer.
    public var hidden: Int = 512

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .mapDropout: .number(0..<1),
        .hidden: .whole(1...65_536),
      ])

    public init() {}
  }

  public static let name = "spectrogram-cnn"
  public static let summary = "seven convolutions and a dense layer over a map: the spectrogram CNN's"

  /// Outputs of each convolution; `pool` stands behind it where the maps are halved.
  private static let layers: [(outputs: Int, padding: Int, pool: Bool)] = [
    (32, 0, false), (32, 1, true), (32, 1, false), (32, 1, true), (64, 1, false), (64, 1, true), (128, 1, true),
  ]

  public let inputs: [WindowContract]
  public let width: Int
  private let dropout: Double
  private let convolutions: [Convolution2D]
  private let hidden: Linear

  /// - Parameter inputs: One, of a map of at least 18 x 18 without a reference.
  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    var shape = try inputs.onlyMap(of: Self.name).shape
    var channels = 1
    convolutions = try Self.layers.enumerated().map { index, layer in
      defer { channels = layer.outputs }
      shape = shape.map { ($0 - 2 + 2 * layer.padding) / (layer.pool ? 2 : 1) }
      return try Convolution2D(
        scope("convolutions")(index), inputs: channels, outputs: layer.outputs, kernel: [3, 3],
        padding: [layer.padding, layer.padding], initialization: .keras)
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw EncoderError.unfit(kind: Self.name, expected: "maps of at least 18 x 18", found: inputs)
    }
    hidden = try Linear(
      scope("hidden"), inputs: channels * shape.reduce(1, *), outputs: options.hidden, initialization: .keras)
    self.inputs = inputs
    width = options.hidden
    dropout = options.mapDropout
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    _ = try contract(of: sensor, for: windows)
    let (count, length, rows, columns) = try windows.shape4()
    var x = try windows.reshaped([count * length, 1, rows, columns])
    for (layer, convolution) in zip(Self.layers, convolutions) {
      x = try convolution(x)
      // Rectified after pooling: the same values from a quarter of the work.
      x = try (layer.pool ? x.maxPool2d([2, 2]) : x).relu()
    }
    return try hidden(x.reshaped([count, length, -1]).dropout(dropout, mode)).relu()
  }
}

extension [WindowContract] {
  /// The only contract, of a map without a reference.
  func onlyMap(of kind: String) throws -> WindowContract {
    guard count == 1, first?.sensor.isMap == true, first?.planes == 1 else {
      throw EncoderError.unfit(kind: kind, expected: "one sensor whose windows are maps", found: self)
    }
    return self[0]
  }
}
