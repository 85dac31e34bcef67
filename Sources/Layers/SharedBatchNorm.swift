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

    /// Joins those of all processes, in doubles; the variances of shares as Chan, Golub and LeVeque do (1979).
    ///
    /// - Parameter own: This process's mean, variance and count one behind the other, `[2 channels + 1]`.
    init(joining own: Tensor, across group: ProcessGroup) throws {
      let channels = own.count / 2
      let all = try group.gathered(own).to(.float64)
      let means = try all.narrowed(1, 0..<channels)
      let variances = try all.narrowed(1, channels..<(2 * channels))
      let counts = try all.narrowed(1, (2 * channels)..<(2 * channels + 1))
      count = try counts.sum([0])
      mean = try (means * counts).sum([0]) / count
      variance = try (counts * (variances + (means - mean).power(2))).sum([0]) / count
    }

    /// The same as what layers compute in.
    func floats() throws -> Statistics {
      Statistics(mean: try mean.to(.float32), variance: try variance.to(.float32), count: try count.to(.float32))
    }

    private init(mean: Tensor, variance: Tensor, count: Tensor) {
      (self.mean, self.variance, self.count) = (mean, variance, count)
    }
  }

  /// The statistics of all processes' rows.
  func statistics(_ x: Tensor) throws -> Statistics {
    let values = Double(x.count / weight.count)
    return try LibTorch.withoutGradients {
      let own = try Ops.collect.results([.tensor(x.detach()), .optional(nil), .optional(nil), .double(0)])
      let count = try Tensor.full(values, [1], device: x.device)
      return try Statistics(joining: .concatenate([own[0], own[1], count], axis: 0), across: group).floats()
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
