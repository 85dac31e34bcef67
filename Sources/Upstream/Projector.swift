public import Layers
public import Tensors

/// Two linear layers with batch norm between them, on which pairs are compared: what is compared is not what is kept.
///
/// Chen and others, "A Simple Framework for Contrastive Learning of Visual Representations" (ICML 2020), appendix B.
public struct Projector {
  private let hidden: Linear
  private let norm: BatchNorm?
  private let output: Linear

  /// - Parameter isNormalised: Whether a batch norm stands behind the hidden layer.
  public init(_ scope: Scope, inputs: Int, hidden: Int, outputs: Int, isNormalised: Bool = true) throws {
    self.hidden = try Linear(scope("hidden"), inputs: inputs, outputs: hidden)
    norm = isNormalised ? try BatchNorm(scope("norm"), channels: hidden) : nil
    output = try Linear(scope("output"), inputs: hidden, outputs: outputs)
  }

  /// - Parameter vectors: `[windows, inputs]`.
  /// - Returns: `[windows, outputs]`.
  public func callAsFunction(_ vectors: Tensor, _ mode: Mode) throws -> Tensor {
    let x = try hidden(vectors)
    return try output((norm?(x, mode) ?? x).relu())
  }
}
