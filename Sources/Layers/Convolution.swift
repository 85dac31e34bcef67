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
