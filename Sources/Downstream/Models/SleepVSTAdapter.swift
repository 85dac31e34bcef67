import Layers
import Tensors

/// A residual bottleneck before the transformer that does nothing before it is trained.
///
/// Houlsby and others, "Parameter-Efficient Transfer Learning for NLP" (2019).
struct SleepVSTAdapter {
  private let bottleneck: Bottleneck

  init(_ scope: Scope, width: Int, bottleneck size: Int) throws {
    bottleneck = try Bottleneck(scope, width: width, size: size, up: .zeros)
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor { try x + bottleneck(x) }
}

/// What the authors' program puts in the place of the transformer's norm and of the layer for the classes: a bottleneck that changes next to
/// nothing at first, a norm of its sum, and a new layer.
///
/// Parameters are named `adapter.…` and `classifier.…`.
struct SleepVSTAdaptedOutput {
  /// What is kept with the weights and no longer read.
  static let replaced = ["transformer.norm.", "output."]
  /// What earlier weights know nothing of.
  static let additions = ["adapter.", "classifier."]

  private let bottleneck: Bottleneck
  private let norm: LayerNorm
  private let classifier: Linear

  init(_ scope: Scope, width: Int, bottleneck size: Int, classes: Int) throws {
    bottleneck = try Bottleneck(scope("adapter"), width: width, size: size, up: .nearZero(deviation: 1e-3))
    norm = try LayerNorm(scope("adapter")("norm"), width: width)
    classifier = try Linear(scope("classifier"), inputs: width, outputs: classes)
  }

  /// - Parameter x: `[batch, length, width]`, what the last block gives.
  /// - Returns: `[batch, length, classes]`.
  func callAsFunction(_ x: Tensor) throws -> Tensor { try classifier(norm(x + bottleneck(x))) }
}

/// Down to a few units, rectified, and up again.
private struct Bottleneck {
  private let down: Linear
  private let up: Linear

  init(_ scope: Scope, width: Int, size: Int, up initialization: Initialization) throws {
    down = try Linear(scope("down"), inputs: width, outputs: size)
    up = try Linear(scope("up"), inputs: size, outputs: width, initialization: initialization)
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor { try up(down(x).relu()) }
}
