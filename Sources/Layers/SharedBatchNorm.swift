import Tensors

private enum Ops {
  static let collect = Operator("batch_norm_update_stats")
  static let backward = Operator("native_batch_norm_backward")
  static let addProduct = Operator("addcmul")
}

/// Batch norm whose statistics are those of all processes' rows together, as of one process with the whole batch.
///
/// As PyTorch's `SyncBatchNorm`: each process collects its own mean and variance, which are joined by the numbers of their
/// values, and in the backward pass the two sums that every value's gradient depends on are added up.
struct SharedBatchNorm {
  let weight: Tensor
  let bias: Tensor
  let epsilon: Double
  let group: ProcessGroup

  /// What all processes' rows are like: mean and biased variance, `[channels]` each, and how many values a channel has, `[1]`.
  struct Statistics {
    let mean: Tensor
    let variance: Tensor
    let count: Tensor
  }

  /// The statistics of all processes' rows; the variances of shares are joined as Chan, Golub and LeVeque do (1979).
  func statistics(_ x: Tensor) throws -> Statistics {
    let (channels, values) = (weight.count, Double(x.count / weight.count))
    return try LibTorch.withoutGradients {
      let own = try Ops.collect.results([.tensor(x.detach()), .optional(nil), .optional(nil), .double(0)])
      let count = try Tensor.full(values, [1], device: x.device)
      let all = try group.gathered(.concatenate([own[0], own[1], count], axis: 0)).to(.float64)
      let means = try all.narrowed(1, 0..<channels)
      let variances = try all.narrowed(1, channels..<(2 * channels))
      let counts = try all.narrowed(1, (2 * channels)..<(2 * channels + 1))
      let total = try counts.sum([0])
      let mean = try (means * counts).sum([0]) / total
      let variance = try (counts * (variances + (means - mean).power(2))).sum([0]) / total
      return Statistics(mean: try mean.to(.float32), variance: try variance.to(.float32), count: try total.to(.float32))
    }
  }

  func callAsFunction(_ x: Tensor, _ statistics: Statistics) throws -> Tensor {
    let (mean, variance, total) = (statistics.mean, statistics.variance, statistics.count)
    let whole = try x.detach().contiguous()
    let (weight, bias, epsilon, group) = (try weight.detach(), try bias.detach(), epsilon, group)
    let value = try LibTorch.withoutGradients {
      try whole.batchNorm(
        weight: weight, bias: bias, runningMean: mean, runningVariance: variance, training: false, momentum: 0,
        epsilon: epsilon)
    }
    return try .custom(value, of: [x, self.weight, self.bias]) { gradient in
      try LibTorch.withoutGradients {
        // By fixed statistics: weight * gradient / deviation, and this process's sums of gradient * normalised and of gradient.
        let parts = try Ops.backward.results([
          .tensor(gradient.contiguous()), .tensor(whole), .tensor(weight), .tensor(mean), .tensor(variance),
          .optional(nil), .optional(nil), false, .double(epsilon), .ints([1, 1, 1]),
        ])
        let sums = try Tensor.stack([parts[1], parts[2]])
        try group.sum(sums)
        let deviation = try (variance + epsilon).squareRoot()
        let scale = try weight / deviation / total
        // x enters by its normalised value, (x - mean) / deviation.
        let slope = try scale * sums.select(0, 0) / deviation
        let offset = try scale * sums.select(0, 1) - slope * mean
        let places = [1, weight.count] + [Int](repeating: 1, count: whole.shape.count - 2)
        let all = try Ops.addProduct(.tensor(parts[0]), .tensor(whole), .tensor(slope.reshaped(places) * -1))
        try all.add(offset.reshaped(places), scale: -1)
        return [all, parts[1], parts[2]]
      }
    }
  }
}
