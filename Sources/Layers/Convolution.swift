public import Tensors

/// A convolution over samples.
public struct Convolution1D {
  let weight: Weight
  let bias: Tensor?
  let stride: Int
  let padding: Int
  let dilation: Int
  let groups: Int

  public init(
    _ scope: Scope, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1, bias: Bool = true, initialization: Initialization = .torch
  ) throws {
    let fan = inputs / groups * kernel
    weight = try Weight(
      scope, [outputs, inputs / groups, kernel], initialization.weight(fanIn: fan, fanOut: outputs / groups * kernel)
    )
    self.bias = bias ? try scope.parameter("bias", [outputs], initialization.bias(fanIn: fan)) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// - Parameter x: `[batch, inputs, samples]`.
  /// - Returns: `[batch, outputs, samples']`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try x.conv1d(weight(), bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// The same, normalised: in inference by weights that have the norm in them, within rounding, which saves a pass over all values.
  public func callAsFunction(_ x: Tensor, then norm: BatchNorm, _ mode: Mode) throws -> Tensor {
    guard !mode.isTraining else { return try norm(self(x), mode) }
    let (batch, _, samples) = try x.shape3()
    let weight = try weight()
    let results = (samples + 2 * padding - dilation * (weight.shape[2] - 1) - 1) / stride + 1
    let steps = [("conv1d", weight), ("batch_norm", norm.weight)].map {
      OperatorTrace.Step($0, parameter: $1, shape: [batch, weight.shape[0], results])
    }
    return try OperatorTrace.note(steps) {
      let scale = try norm.weight / (norm.runningVariance + norm.epsilon).squareRoot()
      let shift = try norm.bias - norm.runningMean * scale
      return try x.conv1d(
        weight * scale.reshaped([-1, 1, 1]), bias.map { try $0 * scale + shift } ?? shift, stride: stride,
        padding: padding, dilation: dilation, groups: groups)
    }
  }
}

/// A convolution over rows and columns.
public struct Convolution2D {
  let weight: Weight
  let bias: Tensor?
  let stride: [Int]
  let padding: [Int]
  let groups: Int

  public init(
    _ scope: Scope, inputs: Int, outputs: Int, kernel: [Int], stride: [Int] = [1, 1], padding: [Int] = [0, 0],
    groups: Int = 1, bias: Bool = true, initialization: Initialization = .torch
  ) throws {
    let places = kernel[0] * kernel[1]
    let fan = inputs / groups * places
    weight = try Weight(
      scope, [outputs, inputs / groups] + kernel,
      initialization.weight(fanIn: fan, fanOut: outputs / groups * places))
    self.bias = bias ? try scope.parameter("bias", [outputs], initialization.bias(fanIn: fan)) : nil
    self.stride = stride
    self.padding = padding
    self.groups = groups
  }

  /// - Parameter x: `[batch, inputs, rows, columns]`.
  /// - Returns: `[batch, outputs, rows', columns']`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try x.conv2d(weight(), bias, stride: stride, padding: padding, groups: groups)
  }
}
