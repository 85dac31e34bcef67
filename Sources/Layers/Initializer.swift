import Foundation
import Tensors

/// How a parameter's first values are drawn.
public enum Initializer: Sendable {
  case zeros
  case ones
  case constant(Double)
  /// Uniform between minus and plus `bound`.
  case uniform(bound: Double)
  case normal(deviation: Double)
  /// Uniform within one over the root of the inputs: PyTorch's default for linear and convolutional weights
  /// (Kaiming's for a slope of root 5), and with their inputs for the biases.
  case fanIn(Int)
  /// Glorot and Bengio's uniform, "Understanding the difficulty of training deep feedforward networks" (2010).
  case glorot(fanIn: Int, fanOut: Int)

  func make(_ shape: [Int], _ generator: Generator) throws -> Tensor {
    switch self {
    case .zeros: try .zeros(shape)
    case .ones: try .ones(shape)
    case .constant(let value): try .full(value, shape)
    case .uniform(let bound): try (Tensor.uniform(shape, generator: generator) - 0.5) * (2 * bound)
    case .normal(let deviation): try Tensor.normal(shape, generator: generator) * deviation
    case .fanIn(let inputs): try Initializer.uniform(bound: 1 / sqrt(Double(max(inputs, 1)))).make(shape, generator)
    case .glorot(let inputs, let outputs):
      try Initializer.uniform(bound: sqrt(6 / Double(inputs + outputs))).make(shape, generator)
    }
  }
}
