public import Layers
public import SleepCore
public import Tensors
public import Training

/// Cosines between the vector and a direction of each class, times a scale.
///
/// Few labelled windows then say where a class lies before they have to say how far. Gidaris and Komodakis, "Dynamic Few-Shot
/// Visual Learning without Forgetting" (CVPR 2018).
public struct CosineHead: Head {
  public struct Options: Settings {
    public var dropout: Double = 0.1

    public static let ranges = NumberRanges(CodingKeys.self, [.dropout: .number(0..<1)])

    public init() {}
  }

  public static let name = "cosine"
  public static let summary = "the cosine between a window's vector and one of each class"

  static let scale = 12.0
  private let weight: Tensor
  private let dropout: Double

  public init(_ scope: Scope, _ options: Options, inputs: Int, classes: Int) throws {
    weight = try scope.parameter("weight", [classes, inputs], .normal(deviation: 1))
    dropout = options.dropout
  }

  public func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    func unit(_ rows: Tensor, _ axis: Int) throws -> Tensor { try rows / rows.norm([axis], keepAxes: true).clamp(1e-6) }
    let vectors = try unit(features.relu().dropout(dropout, mode), 2)
    return try vectors.linear(unit(weight, 1)) * Self.scale
  }
}
