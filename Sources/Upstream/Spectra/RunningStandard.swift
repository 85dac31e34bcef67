package import Layers
package import Tensors

/// Standardises each feature by its mean and deviation over all batches so far; later on over the last hundred.
///
/// Over the batch alone, a target would depend on the windows that come with it, which the encoder does not see.
package struct RunningStandard {
  private let mean: Tensor
  private let variance: Tensor
  private let batches: Tensor

  /// - Parameter shape: Of one window's features.
  package init(_ scope: Scope, shape: [Int]) throws {
    mean = try scope.buffer("mean", .zeros(shape))
    variance = try scope.buffer("variance", .ones(shape))
    batches = try scope.buffer("batches", .zeros([]))
  }

  /// - Parameter features: `[windows]` and the shape, without gradient.
  /// - Returns: The same shape; no value is farther than 10 from 0, so that a feature that wakes up does no harm.
  package func callAsFunction(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    if mode.isTraining {
      try batches.assign(batches + 1)
      let rate = 1 / min(100, try batches.item())
      try mean.assign(mean * (1 - rate) + features.mean([0]) * rate)
      try variance.assign(variance * (1 - rate) + features.variance([0], correction: 0) * rate)
    }
    return try ((features - mean) / variance.squareRoot().clamp(0.1)).clamp(-10, 10)
  }
}
