public import Layers
public import SleepCore
public import Tensors

/// The dense layers of the published network of wrist spectrograms, 64, 32, 32 and 32 over the flattened map.
public struct AccelerometerDense: EncoderKind {
  public struct Options: Settings {
    /// Decibels that are taken away from every value, and that it is then divided by. As published, values are decibels.
    public var centerDecibels: Double = 0
    public var spreadDecibels: Double = 1
    /// Behind each layer.
    public var dropout: Double = 0.05

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .centerDecibels: .number(-1000...1000),
        .spreadDecibels: .number(above: 0, to: 1000),
        .dropout: .number(0..<1),
      ])

    public init() {}
  }

  public static let name = "accelerometer-dense"
  public static let summary = "four dense layers over a map: those of the accelerometer's dense network"

  public let inputs: [WindowContract]
  public let width: Int
  private let options: Options
  private let layers: [Linear]

  /// - Parameter inputs: One, of a map without a reference.
  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    var size = try inputs.onlyMap(of: Self.name).size
    layers = try [64, 32, 32, 32].enumerated().map { index, outputs in
      defer { size = outputs }
      return try Linear(scope("dense")(index), inputs: size, outputs: outputs, initialization: .keras)
    }
    width = size
    self.inputs = inputs
    self.options = options
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    _ = try contract(of: sensor, for: windows)
    var x = try windows.reshaped([windows.shape[0], windows.shape[1], -1])
    x = try (x - options.centerDecibels) / options.spreadDecibels
    for layer in layers { x = try layer(x).relu().dropout(options.dropout, mode) }
    return x
  }
}
