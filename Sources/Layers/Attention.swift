public import Tensors

/// Attention of a sequence to itself with several heads. Names as in PyTorch's `MultiheadAttention`.
///
/// Vaswani and others, "Attention Is All You Need" (2017).
public struct MultiHeadAttention {
  let inputWeight: Weight
  let inputBias: Tensor
  let output: Linear
  let heads: Int
  let dropout: Double

  /// - Parameter dropout: The share of the weights by which values are mixed that a training step leaves out.
  public init(_ scope: Scope, width: Int, heads: Int, dropout: Double = 0) throws {
    guard heads > 0, width % heads == 0 else {
      throw TensorError.invalid("a width of \(width) cannot be shared by \(heads) heads: expected a multiple")
    }
    inputWeight = try Weight(
      scope, named: "in_proj_weight", [3 * width, width], .glorot(fanIn: width, fanOut: 3 * width))
    inputBias = try scope.parameter("in_proj_bias", [3 * width], .zeros)
    output = try Linear(scope("out_proj"), inputs: width, outputs: width)
    self.heads = heads
    self.dropout = dropout
  }

  /// - Parameters:
  ///   - x: `[batch, length, width]`.
  ///   - valid: bool `[batch, length]`: places that may be looked at; all without it.
  public func callAsFunction(_ x: Tensor, valid: Tensor? = nil, _ mode: Mode = .inference) throws -> Tensor {
    let (batch, length, width) = try x.shape3()
    let parts = try x.linear(inputWeight(), inputBias).split(width, axis: 2).map {
      try $0.reshaped([batch, length, heads, width / heads]).transposed(1, 2)
    }
    let mask = try valid?.reshaped([batch, 1, 1, length])
    let mixed =
      try dropout > 0 && mode.isTraining
      ? self.mixed(parts, mask, mode) : parts[0].attention(keys: parts[1], values: parts[2], mask: mask)
    return try output(mixed.transposed(1, 2).reshaped([batch, length, width]))
  }

  /// The same written out, with weights left out: those that are drawn by the mode's own generator.
  private func mixed(_ parts: [Tensor], _ mask: Tensor?, _ mode: Mode) throws -> Tensor {
    var scores = try parts[0].matmul(parts[1].transposed(2, 3)) / Double(parts[0].shape[3]).squareRoot()
    if let mask { scores = try scores.filled(with: -.infinity, where: mask.equals(0)) }
    return try scores.softmax(3).dropout(dropout, mode).matmul(parts[2])
  }
}

/// One block of a pre-norm transformer. Names as in PyTorch's `TransformerEncoderLayer`.
///
/// Xiong and others, "On Layer Normalization in the Transformer Architecture" (2020).
public struct TransformerBlock {
  /// The feed-forward part's activation.
  public enum Activation: Sendable {
    case relu, gelu
  }

  let attention: MultiHeadAttention
  let linear1: Linear
  let linear2: Linear
  let norm1: LayerNorm
  let norm2: LayerNorm
  let dropout: Double
  let activation: Activation

  public init(
    _ scope: Scope, width: Int, heads: Int, feedForward: Int, dropout: Double = 0.1, attentionDropout: Double = 0,
    activation: Activation = .relu
  ) throws {
    attention = try MultiHeadAttention(scope("self_attn"), width: width, heads: heads, dropout: attentionDropout)
    linear1 = try Linear(scope("linear1"), inputs: width, outputs: feedForward)
    linear2 = try Linear(scope("linear2"), inputs: feedForward, outputs: width)
    norm1 = try LayerNorm(scope("norm1"), width: width)
    norm2 = try LayerNorm(scope("norm2"), width: width)
    self.dropout = dropout
    self.activation = activation
  }

  /// - Parameters:
  ///   - x: `[batch, length, width]`.
  ///   - valid: bool `[batch, length]`, as ``MultiHeadAttention`` takes it.
  public func callAsFunction(_ x: Tensor, valid: Tensor? = nil, _ mode: Mode) throws -> Tensor {
    let x = try x + attention(norm1(x), valid: valid, mode).dropout(dropout, mode)
    return try x + linear2(activate(linear1(norm2(x))).dropout(dropout, mode)).dropout(dropout, mode)
  }

  private func activate(_ x: Tensor) throws -> Tensor { try activation == .relu ? x.relu() : x.gelu() }
}
