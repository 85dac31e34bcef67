public import Tensors

/// Whether a forward pass trains, and where its randomness comes from.
public enum Mode {
  /// Dropout drops and batch statistics are taken and updated.
  case training(Generator)
  /// Nothing is random; running statistics are used.
  case inference

  public var isTraining: Bool {
    if case .training = self { true } else { false }
  }
}

extension Tensor {
  /// Dropout in training, nothing in inference.
  public func dropout(_ probability: Double, _ mode: Mode) throws -> Tensor {
    switch mode {
    case .training(let generator): try dropout(probability, generator: generator)
    case .inference: self
    }
  }
}
