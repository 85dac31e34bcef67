import Tensors

private enum Ops {
  static let moments = Operator("ssrm::norm_moments")
  static let normBy = Operator("ssrm::norm_by")
  static let relu = Operator("ssrm::normed_relu")
  static let poolRelu = Operator("ssrm::normed_pool_relu")
  static let poolJoin = Operator("ssrm::normed_pool_join")
  static let reluSums = Operator("ssrm::normed_relu_sums")
  static let reluGradient = Operator("ssrm::normed_relu_gradient")
  static let poolSums = Operator("ssrm::normed_pool_sums")
  static let poolGradient = Operator("ssrm::normed_pool_gradient")
}

/// One batch norm over the rows of all processes, with what follows it in the same pass as of one process alone.
///
/// Statistics are joined as in ``SharedBatchNorm``; in the backward pass the two sums that every value's gradient depends on are added up.
struct SharedRowNorm {
  /// This process's rows, `[batch, …, channels]`.
  let rows: Tensor
  /// Scale, shift, mean and one over the deviation, `[4, channels]`.
  let norm: Tensor
  /// How many rows all processes have.
  let count: Double
  let group: ProcessGroup

  /// Gathers what all processes' rows are like; running statistics move towards it.
  init(_ layer: BatchNorm, _ rows: Tensor, _ mode: Mode, across group: ProcessGroup) throws {
    let whole = try rows.detach().contiguous()
    (self.rows, self.group) = (whole, group)
    (norm, count) = try LibTorch.withoutGradients {
      let all = try SharedBatchNorm.Statistics(joining: Ops.moments(.tensor(whole)), across: group)
      let norm = try Ops.normBy(
        .tensor(.concatenate([all.mean, all.variance, all.count], axis: 0)), .tensor(layer.weight), .tensor(layer.bias),
        .tensor(layer.runningMean), .tensor(layer.runningVariance), .double(layer.momentum(in: mode)),
        .double(layer.epsilon))
      return (norm, try all.count.values(Double.self)[0])
    }
  }

  /// Normalised and rectified.
  static func rectified(_ layer: BatchNorm, _ rows: Tensor, _ mode: Mode, _ group: ProcessGroup) throws -> Tensor {
    let own = try SharedRowNorm(layer, rows, mode, across: group)
    let value = try LibTorch.withoutGradients { try Ops.relu(.tensor(own.rows), .tensor(own.norm)) }
    return try .custom(value, of: [rows, layer.weight, layer.bias]) { gradient in
      try LibTorch.withoutGradients {
        let gradient = try gradient.contiguous()
        let sums = try Ops.reluSums(.tensor(own.rows), .tensor(own.norm), .tensor(gradient))
        return try own.gradients(sums) { all in
          try Ops.reluGradient(
            .tensor(own.rows), .tensor(own.norm), .tensor(gradient), .tensor(all), .double(own.count))
        }
      }
    }
  }

  /// The larger of each two samples, normalised and rectified.
  static func rectifiedPairs(
    _ layer: BatchNorm, _ rows: Tensor, _ mode: Mode, _ group: ProcessGroup
  ) throws -> Tensor {
    let own = try SharedRowNorm(layer, rows, mode, across: group)
    let value = try LibTorch.withoutGradients { try Ops.poolRelu(.tensor(own.rows), .tensor(own.norm)) }
    // Not the value itself, which will keep this function.
    let result = try value.detach()
    return try .custom(value, of: [rows, layer.weight, layer.bias]) { gradient in
      try LibTorch.withoutGradients { try own.pooledGradients(result, gradient.contiguous()) }
    }
  }

  /// The larger of each two samples of both, each by its norm, added and rectified.
  static func rectifiedSumOfPairs(
    _ layer: BatchNorm, _ rows: Tensor, _ other: BatchNorm, _ others: Tensor, _ mode: Mode, _ group: ProcessGroup
  ) throws -> Tensor {
    let main = try SharedRowNorm(layer, rows, mode, across: group)
    let around = try SharedRowNorm(other, others, mode, across: group)
    let value = try LibTorch.withoutGradients {
      try Ops.poolJoin(.tensor(main.rows), .tensor(main.norm), .tensor(around.rows), .tensor(around.norm))
    }
    let result = try value.detach()
    let inputs = [rows, layer.weight, layer.bias, others, other.weight, other.bias]
    return try .custom(value, of: inputs) { gradient in
      try LibTorch.withoutGradients {
        let gradient = try gradient.contiguous()
        return try main.pooledGradients(result, gradient) + around.pooledGradients(result, gradient)
      }
    }
  }

  private func pooledGradients(_ result: Tensor, _ gradient: Tensor) throws -> [Tensor] {
    let sums = try Ops.poolSums(.tensor(rows), .tensor(norm), .tensor(result), .tensor(gradient))
    return try gradients(sums) { all in
      try Ops.poolGradient(
        .tensor(rows), .tensor(norm), .tensor(result), .tensor(gradient), .tensor(all), .double(count))
    }
  }

  /// The gradients of rows, weight and bias.
  ///
  /// - Parameters:
  ///   - sums: This process's, of gradients and of gradients times distances from the mean, `[2, channels]`.
  ///   - ofRows: Gives the gradient of the rows from all processes' sums.
  private func gradients(_ sums: Tensor, ofRows: (Tensor) throws -> Tensor) throws -> [Tensor] {
    let all = try sums.clone()
    try group.sum(all)
    let weight = try sums.select(0, 1).to(.float32) * norm.select(0, 3)
    return [try ofRows(all), weight, try sums.select(0, 0).to(.float32)]
  }
}
