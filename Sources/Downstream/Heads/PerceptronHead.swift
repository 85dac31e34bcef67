public import Layers
public import SleepCore
public import Tensors
public import Training

/// One or more hidden layers on each window.
public struct PerceptronHead: Head {
  public struct Options: Settings {
    /// Width of the hidden layers.
    public var hidden: Int = 128
    public var layers: Int = 1
    public var dropout: Double = 0.1

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .hidden: .whole(1...65_536),
        .layers: .whole(1...100),
        .dropout: .number(0..<1),
      ])

    public init() {}
  }

  public static let name = "mlp"
  public static let summary = "hidden layers on each window"

  private let hidden: [Linear]
  private let output: Linear
  private let dropout: Double

  public init(_ scope: Scope, _ options: Options, inputs: Int, classes: Int) throws {
    hidden = try (0..<options.layers).map {
      try Linear(scope("hidden")($0), inputs: $0 == 0 ? inputs : options.hidden, outputs: options.hidden)
    }
    output = try Linear(scope("output"), inputs: options.hidden, outputs: classes)
    dropout = options.dropout
  }

  public func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    var x = try features.relu().dropout(dropout, mode)
    for layer in hidden { x = try layer(x).relu().dropout(dropout, mode) }
    return try output(x)
  }
}
