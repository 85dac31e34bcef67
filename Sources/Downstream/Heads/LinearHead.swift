public import Layers
public import SleepCore
public import Tensors
public import Training

/// What recipes say of a head without hidden layers.
public struct DropoutOptions: Settings {
  public var dropout: Double = 0.1

  public static let ranges = NumberRanges(CodingKeys.self, [.dropout: .number(0..<1)])

  public init() {}
}

/// One linear layer on each window: what the vectors hold as they are.
public struct LinearHead: Head {
  public typealias Options = DropoutOptions

  public static let name = "linear"
  public static let summary = "one linear layer on each window"

  private let output: Linear
  private let dropout: Double

  public init(_ scope: Scope, _ options: DropoutOptions, inputs: Int, classes: Int) throws {
    output = try Linear(scope("output"), inputs: inputs, outputs: classes)
    dropout = options.dropout
  }

  public func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try output(features.relu().dropout(dropout, mode))
  }
}
