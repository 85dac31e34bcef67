public import Tensors

/// A convolution over the samples of each channel alone, without a bias, then one over the channels, with one.
///
/// Both are linear with nothing between them, so they are one convolution with the product of their weights, which
/// LibTorch computes much faster at few channels. Keras's conventions.
public struct SeparableConvolution1D {
  let depthwise: Weight
  let pointwise: Weight
  let bias: Tensor
  let stride: Int
  let padding: Int

  public init(
    _ scope: Scope, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    initialization: Initialization = .keras
  ) throws {
    depthwise = try Weight(
      scope("depthwise"), [inputs, 1, kernel], initialization.weight(fanIn: inputs * kernel, fanOut: kernel))
    pointwise = try Weight(
      scope("pointwise"), [outputs, inputs, 1], initialization.weight(fanIn: inputs, fanOut: outputs))
    bias = try scope("pointwise").parameter("bias", [outputs], initialization.bias(fanIn: inputs))
    self.stride = stride
    self.padding = padding
  }

  /// - Parameter x: `[batch, inputs, samples]`.
  /// - Returns: `[batch, outputs, samples']`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let (batch, inputs, samples) = try x.shape3()
    let kernel = depthwise.shape[2]
    let results = (samples + 2 * padding - kernel) / stride + 1
    return try MultiplyAdds.count(batch * results * inputs * (kernel + bias.count)) {
      try OperatorTrace.note(steps(batch, inputs, results)) {
        try x.conv1d(weight(), bias, stride: stride, padding: padding)
      }
    }
  }

  /// Both convolutions by themselves.
  private func steps(_ batch: Int, _ inputs: Int, _ results: Int) throws -> [OperatorTrace.Step] {
    [
      .init("conv1d", parameter: try depthwise(), shape: [batch, inputs, results]),
      .init("conv1d", parameter: try pointwise(), shape: [batch, bias.count, results]),
    ]
  }

  /// The weights of both as one convolution's, `[outputs, inputs, kernel]`.
  func weight() throws -> Tensor { try pointwise() * depthwise().transposed(0, 1) }

  /// This one and another behind it, both of kernel 1, as one convolution's weight, `[outputs, inputs, 1]`, and bias.
  func joined(with next: SeparableConvolution1D) throws -> (weight: Tensor, bias: Tensor) {
    let (first, second) = try (weight().squeezed(2), next.weight().squeezed(2))
    return (
      try second.matmul(first).unsqueezed(2), try second.matmul(bias.unsqueezed(1)).squeezed(1) + next.bias
    )
  }

  /// This one, then another, both of kernel 1 and unpadded: a chain of linear maps of which only the samples that both keep
  /// are computed.
  public func callAsFunction(_ x: Tensor, then next: SeparableConvolution1D) throws -> Tensor {
    let (batch, inputs, samples) = try x.shape3()
    precondition(depthwise.shape[2] == 1 && next.depthwise.shape[2] == 1 && padding == 0 && next.padding == 0)
    let between = (samples - 1) / stride + 1
    let results = (between - 1) / next.stride + 1
    let count =
      batch * (between * inputs * (1 + bias.count) + results * bias.count * (1 + next.bias.count))
    let steps = try steps(batch, inputs, between) + next.steps(batch, bias.count, results)
    return try MultiplyAdds.count(count) {
      try OperatorTrace.note(steps) {
        let (weight, bias) = try joined(with: next)
        return try x.conv1d(weight, bias, stride: stride * next.stride)
      }
    }
  }
}
