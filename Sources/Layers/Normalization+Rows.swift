public import Tensors

private enum Ops {
  static let normRelu = Operator("ssrm::norm_relu")
  static let normPoolJoin = Operator("ssrm::norm_pool_join")
}

/// Norms in training over `[batch, samples, channels]`, each in one pass with what follows it: within rounding of the same operators one by one.
extension BatchNorm {
  /// Whether values of this mode and device may pass so.
  public static func takesRows(_ x: Tensor, _ mode: Mode) -> Bool {
    mode.isTraining && mode.group == nil && x.device == .cpu && x.dtype == .float32
  }

  /// Normalised and rectified.
  ///
  /// - Parameter rows: `[batch, samples, channels]`, of which ``takesRows(_:_:)`` is true.
  /// - Returns: The same shape.
  public func rectified(rows: Tensor, _ mode: Mode) throws -> Tensor {
    try note(rows.shape, mode)
    return try Ops.normRelu(
      .tensor(rows), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance),
      .double(momentum(in: mode)), .double(epsilon))
  }

  /// The larger of each two samples of what is normalised, plus that of another map by another norm, rectified.
  ///
  /// - Parameters:
  ///   - rows: `[batch, samples, channels]`, of which ``takesRows(_:_:)`` is true; at least two samples, of which a last one without a partner is left
  ///     out.
  ///   - others: Of the same shape.
  ///   - norm: Of `others`, with this one's momentum and epsilon.
  /// - Returns: `[batch, samples / 2, channels]`.
  public func rectifiedSumOfPairs(
    rows: Tensor, _ others: Tensor, by norm: BatchNorm, _ mode: Mode
  ) throws -> Tensor {
    precondition(norm.momentum == momentum && norm.epsilon == epsilon, "norms of one momentum and epsilon")
    for norm in [self, norm] { try norm.note(rows.shape, mode) }
    return try Ops.normPoolJoin(
      .tensor(rows), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance),
      .tensor(others), .tensor(norm.weight), .tensor(norm.bias), .tensor(norm.runningMean),
      .tensor(norm.runningVariance), .double(momentum(in: mode)), .double(epsilon))
  }
}

extension Convolution1D {
  /// The same convolution of values that lie as rows of channels.
  ///
  /// - Parameter rows: `[batch, samples, inputs]`.
  /// - Returns: `[batch, samples', outputs]`.
  public func overRows(_ rows: Tensor) throws -> Tensor {
    let weight = try weight()
    guard dilation == 1 else { return try self(rows.transposed(1, 2)).transposed(1, 2) }
    if weight.shape[2] == 1, stride == 1, padding == 0, groups == 1 {
      return try rows.linear(weight.squeezed(2), bias)
    }
    return try rows.transposed(1, 2).unsqueezed(2).conv2d(
      weight.unsqueezed(2), bias, stride: [1, stride], padding: [0, padding], groups: groups
    ).squeezed(2).transposed(1, 2)
  }
}
