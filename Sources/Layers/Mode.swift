public import Tensors

/// Whether a forward pass trains, and where its randomness comes from.
public enum Mode {
  /// Dropout drops and batch statistics are taken and updated.
  case training(Generator)
  /// As in training, but running statistics stay as they are: what passes is not what will be read in inference.
  ///
  /// After the auxiliary batch norm of Xie and others, "Adversarial Examples Improve Image Recognition" (CVPR 2020).
  case aside(Generator)
  /// Nothing is random; running statistics are used.
  case inference

  public var isTraining: Bool {
    if case .inference = self { false } else { true }
  }

  /// The mode for windows that are unlike those which will be read.
  public var aside: Mode {
    if case .training(let generator) = self { .aside(generator) } else { self }
  }
}

extension Tensor {
  /// Dropout in training, nothing in inference.
  public func dropout(_ probability: Double, _ mode: Mode) throws -> Tensor {
    switch mode {
    case .training(let generator), .aside(let generator): try dropout(probability, generator: generator)
    case .inference: self
    }
  }
}
