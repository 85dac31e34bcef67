public import Tensors

/// `x Wᵀ + b` over the last axis.
public struct Linear {
  let weight: Tensor
  let bias: Tensor?

  public init(_ scope: Scope, inputs: Int, outputs: Int, bias: Bool = true) throws {
    weight = try scope.parameter("weight", [outputs, inputs], .fanIn(inputs))
    self.bias = bias ? try scope.parameter("bias", [outputs], .fanIn(inputs)) : nil
  }

  /// - Parameter x: `[…, inputs]`.
  /// - Returns: `[…, outputs]`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor { try x.linear(weight, bias) }
}
