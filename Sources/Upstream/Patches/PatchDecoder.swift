package import Layers
package import Tensors

/// Tells patches from an encoder's tokens: a few transformer blocks over the tokens and a question for each patch.
///
/// The light decoder of He and others, "Masked Autoencoders Are Scalable Vision Learners" (CVPR 2022), for tokens that are no patches
/// themselves.
package struct PatchDecoder {
  package let width: Int
  private let input: Linear
  private let question: Tensor
  private let blocks: [TransformerBlock]
  private let norm: LayerNorm

  /// - Parameter inputs: The size of the encoder's tokens.
  package init(_ scope: Scope, _ options: DecoderOptions, inputs: Int) throws {
    width = options.width
    input = try Linear(scope("input"), inputs: inputs, outputs: width)
    question = try scope.parameter("question", [width], .normal(deviation: 0.02))
    blocks = try (0..<options.layers).map {
      try TransformerBlock(
        scope("blocks")($0), width: options.width, heads: options.heads, feedForward: 4 * options.width, dropout: 0,
        activation: .gelu)
    }
    norm = try LayerNorm(scope("norm"), width: width)
  }

  /// - Parameters:
  ///   - tokens: `[windows, tokens, inputs]`.
  ///   - places: `[tokens, width]`: where the tokens lie; `nil` where they have no order.
  ///   - patches: `[patches, width]`: where the patches lie.
  /// - Returns: `[windows, patches, width]`.
  package func callAsFunction(_ tokens: Tensor, at places: Tensor?, patches: Tensor, _ mode: Mode) throws -> Tensor {
    let (windows, known, asked) = (tokens.shape[0], tokens.shape[1], patches.shape[0])
    var x = try input(tokens)
    if let places { x = try x + places }
    x = try .concatenate([x, (patches + question).unsqueezed(0).expanded([windows, asked, width])], axis: 1)
    for block in blocks { x = try block(x, mode) }
    return try norm(x.narrowed(1, known..<(known + asked)))
  }
}
