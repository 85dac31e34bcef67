public import Layers
public import SleepCore
public import Tensors

/// The convolutions of the published CNN of wrist spectrograms: 64 and 32 of 3 x 3, each pooled by two, and flattened.
public struct AccelerometerEncoder: EncoderKind {
  public struct Options: Settings {
    /// Decibels that are taken away from every value, and that it is then divided by. As published, values are decibels.
    public var centerDecibels: Double = 0
    public var spreadDecibels: Double = 1

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .centerDecibels: .number(-1000...1000),
        .spreadDecibels: .number(above: 0, to: 1000),
      ])

    public init() {}
  }

  public static let name = "accelerometer-cnn"
  public static let summary = "two pooled convolutions over a map: those of the accelerometer CNN"

  public let inputs: [WindowContract]
  public let width: Int
  private let options: Options
  private let convolutions: [Convolution2D]

  /// - Parameter inputs: One, of a map of at least 10 x 10 without a reference.
  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    var shape = try inputs.onlyMap(of: Self.name).shape
    var channels = 1
    convolutions = try [64, 32].enumerated().map { index, outputs in
      defer { channels = outputs }
      shape = shape.map { ($0 - 2) / 2 }
      return try Convolution2D(
        scope("convolutions")(index), inputs: channels, outputs: outputs, kernel: [3, 3], initialization: .keras)
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw EncoderError.unfit(kind: Self.name, expected: "maps of at least 10 x 10", found: inputs)
    }
    self.inputs = inputs
    self.options = options
    width = channels * shape.reduce(1, *)
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    _ = try contract(of: sensor, for: windows)
    let (count, length, rows, columns) = try windows.shape4()
    var x = try windows.reshaped([count * length, 1, rows, columns])
    x = try (x - options.centerDecibels) / options.spreadDecibels
    for convolution in convolutions { x = try convolution(x).maxPool2d([2, 2]).relu() }
    return try x.reshaped([count, length, -1])
  }
}
