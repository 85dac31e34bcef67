/// How a layer's weight and bias are drawn, by the conventions of a library.
public enum Initialization: Sendable {
  /// PyTorch's: both uniform within one over the root of the inputs.
  case torch
  /// Keras's: Glorot's uniform, and biases of zero.
  case keras
  /// The layer gives nothing before it is trained.
  case zeros
  /// The layer gives next to nothing: a normal weight of this deviation, and biases of zero.
  case nearZero(deviation: Double)

  func weight(fanIn: Int, fanOut: Int) -> Initializer {
    switch self {
    case .torch: .fanIn(fanIn)
    case .keras: .glorot(fanIn: fanIn, fanOut: fanOut)
    case .zeros: .zeros
    case .nearZero(let deviation): .normal(deviation: deviation)
    }
  }

  func bias(fanIn: Int) -> Initializer {
    switch self {
    case .torch: .fanIn(fanIn)
    case .keras, .zeros, .nearZero: .zeros
    }
  }
}
