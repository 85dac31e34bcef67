public import Tensors

/// `x Wᵀ + b` over the last axis.
public struct Linear {
  let weight: Weight
  let bias: Tensor?

  public init(
    _ scope: Scope, inputs: Int, outputs: Int, bias: Bool = true, initialization: Initialization = .torch
  ) throws {
    weight = try Weight(scope, [outputs, inputs], initialization.weight(fanIn: inputs, fanOut: outputs))
    self.bias = bias ? try scope.parameter("bias", [outputs], initialization.bias(fanIn: inputs)) : nil
  }

  /// - Parameter x: `[…, inputs]`.
  /// - Returns: `[…, outputs]`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor { try x.linear(weight(), bias) }
}
