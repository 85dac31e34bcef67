public import Layers
public import SleepCore
public import Tensors

/// SSRM's convolutional network for pressure maps: 5 x 5 convolutions of 32 and 64, each pooled by two, and a dense layer.
///
/// Zhao, Dong and Zhou, "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (IEEE Access 2020), where
/// the dense layer's width is 1024.
public struct PressureMapCNN: EncoderKind {
  public struct Options: Settings {
    /// The size of the dense layer.
    public var width: Int = 64

    public static let ranges = NumberRanges(CodingKeys.self, [.width: .whole(1...65_536)])

    public init() {}
  }

  public static let name = "map-cnn"
  public static let summary = "two pooled convolutions of 5 x 5 and a dense layer: SSRM's for pressure maps"

  public let inputs: [WindowContract]
  public let width: Int
  private let convolutions: [Convolution2D]
  private let dense: [Sensor: Linear]

  /// - Parameter inputs: Of maps; the convolutions are shared.
  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    if let other = inputs.first(where: { !$0.sensor.isMap }) {
      throw EncoderError.unfit(kind: Self.name, expected: "maps", found: [other])
    }
    guard let planes = inputs.first?.planes, inputs.allSatisfy({ $0.planes == planes }) else {
      throw EncoderError.recipe(
        "encoder.kind is map-cnn, whose convolutions are shared: all maps with a reference, or none")
    }
    convolutions = try [(planes, 32), (32, 64)].enumerated().map { index, sizes in
      try Convolution2D(
        scope("convolutions")(index), inputs: sizes.0, outputs: sizes.1, kernel: [5, 5], padding: [2, 2])
    }
    var dense: [Sensor: Linear] = [:]
    for input in inputs {
      let places = input.shape.suffix(2).map { ($0 / 2) / 2 }.reduce(1, *)
      guard places > 0 else {
        throw EncoderError.unfit(kind: Self.name, expected: "maps of at least 4 x 4", found: [input])
      }
      dense[input.sensor] = try Linear(
        scope("dense")(input.sensor.rawValue), inputs: 64 * places, outputs: options.width)
    }
    self.inputs = inputs
    width = options.width
    self.dense = dense
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try read(windows, of: sensor, nil)
  }

  /// Those of the convolutions, and the dense one.
  public func layers(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> [Tensor] {
    var layers: [Tensor] = []
    let vector = try read(windows, of: sensor) {
      layers.append(try $0.pooledMap().reshaped([windows.shape[0], windows.shape[1], -1]))
    }
    return layers + [vector]
  }

  private func read(_ windows: Tensor, of sensor: Sensor, _ see: ((Tensor) throws -> Void)?) throws -> Tensor {
    let contract = try contract(of: sensor, for: windows)
    guard let dense = dense[sensor] else { throw EncoderError.sensor(sensor, known: inputs.map(\.sensor)) }
    let (batch, length) = (windows.shape[0], windows.shape[1])
    let (rows, columns) = contract.mapShape
    var x = try windows.reshaped([batch * length, contract.planes, rows, columns])
    for convolution in convolutions {
      x = try convolution(x).maxPool2d([2, 2]).relu()
      try see?(x)
    }
    return try dense(x.reshaped([batch, length, -1])).relu()
  }
}
