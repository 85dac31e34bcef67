public import Tensors

/// Normalises each channel over the batch and all places, by running statistics in inference.
///
/// Ioffe and Szegedy, "Batch Normalization" (2015).
public struct BatchNorm {
  let weight: Tensor
  let bias: Tensor
  let runningMean: Tensor
  let runningVariance: Tensor
  let batches: Tensor
  let momentum: Double
  let epsilon: Double

  public init(_ scope: Scope, channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) throws {
    weight = try scope.parameter("weight", [channels], .ones)
    bias = try scope.parameter("bias", [channels], .zeros)
    runningMean = try scope.buffer("running_mean", .zeros([channels]))
    runningVariance = try scope.buffer("running_var", .ones([channels]))
    batches = try scope.buffer("num_batches_tracked", .zeros([], dtype: .int64))
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch, channels]`, or with samples or rows and columns behind; in training more than one value a
  ///   channel.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    if mode.isTraining { try note(x.shape, mode) }
    let momentum = momentum(in: mode)
    if let group = mode.group { return try shared(x, across: group, keepsRunning: momentum == 0) }
    return try x.batchNorm(
      weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
      training: mode.isTraining, momentum: momentum, epsilon: epsilon)
  }

  /// Counts a batch that is normalised in training.
  func note(_ shape: [Int], _ mode: Mode) throws {
    // The variance of one value would make the running variance NaN, for good.
    guard shape.reduce(1, *) > weight.count else {
      throw TensorError.shapeMismatch(
        found: shape, expected: "more than one value a channel to normalise in training")
    }
    if case .training = mode { try batches.assign(batches + 1) }
  }

  /// How far running statistics move: not at all aside.
  func momentum(in mode: Mode) -> Double {
    if case .aside = mode { 0 } else { momentum }
  }

  /// By the statistics of all processes' rows, of which `x` has some.
  private func shared(_ x: Tensor, across group: ProcessGroup, keepsRunning: Bool) throws -> Tensor {
    // Statistics are float32, whatever layers compute in.
    if x.dtype == .bfloat16 {
      return try shared(x.to(.float32), across: group, keepsRunning: keepsRunning).to(.bfloat16)
    }
    let norm = SharedBatchNorm(weight: weight, bias: bias, epsilon: epsilon, group: group)
    // LibTorch is slow to collect those of rows of channels.
    let x = try x.contiguous()
    let statistics = try norm.statistics(x)
    if !keepsRunning {
      try LibTorch.withoutGradients {
        let unbiased = try statistics.variance * statistics.count / (statistics.count - 1)
        for (running, new) in [(runningMean, statistics.mean), (runningVariance, unbiased)] {
          try running.assign(running * (1 - momentum) + new * momentum)
        }
      }
    }
    return try norm(x, statistics)
  }
}

/// Normalises each element's last axis. Ba, Kiros and Hinton, "Layer Normalization" (2016).
public struct LayerNorm {
  let weight: Tensor
  let bias: Tensor
  let epsilon: Double

  public init(_ scope: Scope, width: Int, epsilon: Double = 1e-5) throws {
    weight = try scope.parameter("weight", [width], .ones)
    bias = try scope.parameter("bias", [width], .zeros)
    self.epsilon = epsilon
  }

  /// - Parameter x: `[…, width]`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try x.layerNorm(weight.shape, weight: weight, bias: bias, epsilon: epsilon)
  }
}
