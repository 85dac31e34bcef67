public import Layers
public import SleepCore
public import Tensors

/// The hidden layer of SSRM's perceptron, 1728-128-5 for its pretext task with five views.
///
/// Zhao, Dong and Zhou, "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (IEEE Access 2020). The
/// output layer is the task's. Windows are flattened, so each sensor has weights of its own.
public struct Perceptron: EncoderKind {
  public struct Options: Settings {
    /// The size of the hidden layer.
    public var width: Int = 64

    public static let ranges = NumberRanges(CodingKeys.self, [.width: .whole(1...65_536)])

    public init() {}
  }

  public static let name = "perceptron"
  public static let summary = "each window flattened, one hidden layer: SSRM's"

  public let inputs: [WindowContract]
  public let width: Int
  private let hidden: [Sensor: Linear]

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    self.inputs = inputs
    width = options.width
    var hidden: [Sensor: Linear] = [:]
    for input in inputs {
      hidden[input.sensor] = try Linear(
        scope("hidden")(input.sensor.rawValue), inputs: input.shape.reduce(1, *), outputs: width)
    }
    self.hidden = hidden
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    _ = try contract(of: sensor, for: windows)
    guard let hidden = hidden[sensor] else { throw EncoderError.sensor(sensor, known: inputs.map(\.sensor)) }
    return try hidden(windows.reshaped([windows.shape[0], windows.shape[1], -1])).relu()
  }
}
