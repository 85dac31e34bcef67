public import Tensors

/// Whether a forward pass trains, and where its randomness comes from.
public enum Mode {
  /// Dropout drops and batch statistics are taken and updated: over the rows of all processes where they share a batch.
  case training(Generator, across: ProcessGroup? = nil)
  /// As in training, but running statistics stay as they are: what passes is not what will be read in inference.
  ///
  /// After the auxiliary batch norm of Xie and others, "Adversarial Examples Improve Image Recognition" (CVPR 2020).
  case aside(Generator, across: ProcessGroup? = nil)
  /// Nothing is random; running statistics are used.
  case inference

  public var isTraining: Bool {
    if case .inference = self { false } else { true }
  }

  /// The mode for windows that are unlike those which will be read.
  public var aside: Mode {
    if case .training(let generator, let group) = self { .aside(generator, across: group) } else { self }
  }

  /// Where random numbers come from; `nil` where nothing is random.
  public var generator: Generator? {
    switch self {
    case .training(let generator, _), .aside(let generator, _): generator
    case .inference: nil
    }
  }

  /// The processes that share the batch which passes; `nil` where this one has it alone.
  public var group: ProcessGroup? {
    switch self {
    case .training(_, let group), .aside(_, let group): group
    case .inference: nil
    }
  }

  /// The same for a process's own rows of a batch.
  public func shared(_ generator: Generator, across group: ProcessGroup) -> Mode {
    switch self {
    case .training: .training(generator, across: group)
    case .aside: .aside(generator, across: group)
    case .inference: .inference
    }
  }
}

extension Tensor {
  /// Dropout in training, nothing in inference.
  public func dropout(_ probability: Double, _ mode: Mode) throws -> Tensor {
    try mode.generator.map { try dropout(probability, generator: $0) } ?? self
  }
}
