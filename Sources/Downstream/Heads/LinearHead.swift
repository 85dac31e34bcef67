public import Layers
public import SleepCore
public import Tensors
public import Training

/// One linear layer on each window: what the vectors hold as they are.
public struct LinearHead: Head {
  public struct Options: Settings {
    /// What is done to the vectors first.
    public enum Input: String, Codable, CaseIterable, Sendable {
      /// What is below 0 becomes 0, as between an encoder's layers.
      case rectified
      /// Each feature gets mean 0 and deviation 1 over the windows that were measured: for vectors that stay as they are.
      case standardised
    }

    public var dropout: Double = 0.1
    public var input: Input = .rectified

    public static let ranges = NumberRanges(CodingKeys.self, [.dropout: .number(0..<1)])

    public init() {}
  }

  public static let name = "linear"
  public static let summary = "one linear layer on each window"

  private let output: Linear
  private let norm: BatchNorm?
  private let dropout: Double

  public init(_ scope: Scope, _ options: Options, inputs: Int, classes: Int) throws {
    output = try Linear(scope("output"), inputs: inputs, outputs: classes)
    norm =
      options.input == .standardised ? try BatchNorm(scope("norm"), channels: inputs) : nil
    dropout = options.dropout
  }

  public func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    guard let norm else { return try output(features.relu().dropout(dropout, mode)) }
    return try output(batch.measured(features) { try norm($0, mode) }.dropout(dropout, mode))
  }
}
