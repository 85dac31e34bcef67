public import Layers
public import Tensors

/// Linear layers with batch norm and rectification between them, on which pairs are compared: what is compared is not what is kept.
///
/// With one hidden layer that of Chen and others, "A Simple Framework for Contrastive Learning of Visual Representations" (ICML 2020),
/// appendix B, and of BYOL; with two the expander of VICReg. Parameters are named `hidden.…`, `norm.…` and `output.…`, those of
/// a second hidden layer `hidden2.…` and `norm2.…`.
public struct Projector {
  private let layers: [(linear: Linear, norm: BatchNorm?)]
  private let output: Linear

  /// - Parameters:
  ///   - hiddenLayers: How many layers of the size `hidden` stand before the last.
  ///   - isNormalised: Whether a batch norm stands behind each hidden layer.
  public init(
    _ scope: Scope, inputs: Int, hidden: Int, outputs: Int, hiddenLayers: Int = 1, isNormalised: Bool = true
  ) throws {
    layers = try (0..<hiddenLayers).map { index in
      let number = index == 0 ? "" : "\(index + 1)"
      return (
        try Linear(scope("hidden\(number)"), inputs: index == 0 ? inputs : hidden, outputs: hidden),
        isNormalised ? try BatchNorm(scope("norm\(number)"), channels: hidden) : nil
      )
    }
    output = try Linear(scope("output"), inputs: hiddenLayers == 0 ? inputs : hidden, outputs: outputs)
  }

  /// - Parameter vectors: `[windows, inputs]`.
  /// - Returns: `[windows, outputs]`.
  public func callAsFunction(_ vectors: Tensor, _ mode: Mode) throws -> Tensor {
    var x = vectors
    for layer in layers {
      x = try layer.linear(x)
      x = try (layer.norm?(x, mode) ?? x).relu()
    }
    return try output(x)
  }
}
