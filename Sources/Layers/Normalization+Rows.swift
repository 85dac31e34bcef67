public import Tensors

private enum Ops {
  static let normRelu = Operator("ssrm::norm_relu")
  static let normPoolRelu = Operator("ssrm::norm_pool_relu")
  static let normPoolJoin = Operator("ssrm::norm_pool_join")
}

/// Norms over rows of channels with what follows them: on a processor each in one pass, within rounding of the operators one by one.
extension BatchNorm {
  /// Normalised and rectified.
  ///
  /// - Parameter rows: `[batch, …, channels]`.
  /// - Returns: The same shape.
  public func rectified(rows: Tensor, _ mode: Mode) throws -> Tensor {
    guard Self.fuses(rows, mode) else { return try self(rows.moved(-1, to: 1), mode).relu().moved(1, to: -1) }
    if mode.isTraining { try note(rows.shape, mode) }
    if let group = mode.group { return try SharedRowNorm.rectified(self, rows, mode, group) }
    return try Ops.normRelu(
      .tensor(rows), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance),
      .bool(mode.isTraining), .double(momentum(in: mode)), .double(epsilon))
  }

  /// The larger of each two samples of what is normalised, rectified.
  ///
  /// - Parameter rows: `[batch, samples, channels]`; a last sample without a partner counts.
  /// - Returns: `[batch, samples / 2, channels]`, rounded up.
  public func rectifiedPairs(rows: Tensor, _ mode: Mode) throws -> Tensor {
    guard rows.shape[1] > 1, Self.fuses(rows, mode) else {
      // Rectified after pooling: the same values from half the work.
      return try self(rows.transposed(1, 2), mode).maxPoolPairs(ceiling: true).relu().transposed(1, 2)
    }
    if mode.isTraining { try note(rows.shape, mode) }
    if let group = mode.group { return try SharedRowNorm.rectifiedPairs(self, rows, mode, group) }
    return try Ops.normPoolRelu(
      .tensor(rows), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance),
      .bool(mode.isTraining), .double(momentum(in: mode)), .double(epsilon))
  }

  /// The larger of each two samples of what is normalised, plus that of another map by another norm, rectified.
  ///
  /// - Parameters:
  ///   - rows: `[batch, samples, channels]`; a last sample without a partner is left out, but for an only one.
  ///   - others: Of the same shape.
  ///   - norm: Of `others`, with this one's momentum and epsilon.
  /// - Returns: `[batch, samples / 2, channels]`.
  public func rectifiedSumOfPairs(
    rows: Tensor, _ others: Tensor, by norm: BatchNorm, _ mode: Mode
  ) throws -> Tensor {
    precondition(norm.momentum == momentum && norm.epsilon == epsilon, "norms of one momentum and epsilon")
    let isAlone = rows.shape[1] == 1
    guard !isAlone, Self.fuses(rows, mode) else {
      let main = try self(rows.transposed(1, 2), mode).maxPoolPairs(ceiling: isAlone)
      let around = try norm(others.transposed(1, 2), mode).maxPoolPairs(ceiling: isAlone)
      return try (main + around).relu().transposed(1, 2)
    }
    if mode.isTraining { for norm in [self, norm] { try norm.note(rows.shape, mode) } }
    if let group = mode.group {
      return try SharedRowNorm.rectifiedSumOfPairs(self, rows, norm, others, mode, group)
    }
    return try Ops.normPoolJoin(
      .tensor(rows), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance),
      .tensor(others), .tensor(norm.weight), .tensor(norm.bias), .tensor(norm.runningMean),
      .tensor(norm.runningVariance), .bool(mode.isTraining), .double(momentum(in: mode)), .double(epsilon))
  }

  private static func fuses(_ rows: Tensor, _ mode: Mode) -> Bool {
    rows.device == .cpu && rows.dtype == .float32 && rows.count > 0 && !OperatorTrace.isObserved
  }
}
