public import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// A context over each sequence, and one linear layer on what comes out.
public struct ContextHead<Reader: Context>: Head {
  public typealias Options = Reader.Options

  public static var name: String { Reader.name }
  public static var summary: String { Reader.summary }

  private let context: Reader
  private let output: Linear

  public init(_ scope: Scope, _ options: Reader.Options, inputs: Int, classes: Int) throws {
    context = try Reader(scope, options, inputs: inputs)
    output = try Linear(scope("output"), inputs: context.width, outputs: classes)
  }

  public func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try output(context(features, batch.extent(), mode))
  }
}
