public import Tensors

/// Multinomial logistic regression on features that are standardised by those it was fitted on.
///
/// Fitted by full-batch Adam with weight decay; convex, so that nothing is to be chosen.
public struct LogisticRegression {
  private let mean: Tensor
  private let deviation: Tensor
  private let weight: Tensor
  private let bias: Tensor

  /// - Parameters:
  ///   - features: `[windows, features]`, detached.
  ///   - targets: int64 `[windows]`.
  ///   - steps: Of the optimiser.
  public init(_ features: Tensor, _ targets: Tensor, classes: Int, seed: UInt64, steps: Int = 300) throws {
    mean = try features.mean([0], keepAxes: true)
    deviation = try features.variance([0], correction: 0, keepAxes: true).squareRoot().clamp(1e-4)
    let store = try ParameterStore(seed: seed, device: features.device)
    weight = try store.root.parameter("weight", [classes, features.shape[1]], .zeros)
    bias = try store.root.parameter("bias", [classes], .zeros)
    let z = try (features - mean) / deviation
    let optimizer = Optimizer(.adamW(weightDecay: 0.1), [Optimizer.Group([weight, bias])])
    for step in 0..<steps {
      try store.clearGradients()
      try z.linear(weight, bias).crossEntropy(targets).backward()
      try optimizer.step(learningRate: 0.05 * Schedule.cosine(warmup: 0, total: steps).factor(at: step))
    }
  }

  /// - Parameter features: `[windows, features]`.
  /// - Returns: int64 `[windows]`: the most probable class of each.
  public func predict(_ features: Tensor) throws -> Tensor {
    try LibTorch.withoutGradients { try ((features - mean) / deviation).linear(weight, bias).argmax(1) }
  }
}
