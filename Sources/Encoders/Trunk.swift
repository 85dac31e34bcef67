import Layers
public import SleepCore
import Tensors

/// The part of the encoder that all sensors share: tokens of one window in, as many out, whose mean is its vector.
public struct Trunk {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The mean of the tokens.
    case mean
    /// Residual blocks of two linear layers on each token, then the mean.
    case mlp
    /// Pre-norm transformer blocks over the window's tokens, then the mean.
    case transformer
  }

  public struct Options: Settings {
    public var kind: Kind = .mlp
    public var layers: Int = 1
    public var heads: Int = 4
    public var dropout: Double = 0

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .layers: .whole(0...1000),
        .heads: .whole(1...1024),
        .dropout: .number(0..<1),
      ])

    public init() {}
  }

  private enum Block {
    case mlp(LayerNorm, Linear, Linear)
    case transformer(TransformerBlock)
  }

  private let blocks: [Block]
  private let dropout: Double

  init(_ scope: Scope, _ options: Options, width: Int) throws {
    blocks = try (0..<(options.kind == .mean ? 0 : options.layers)).map { index in
      let place = scope("blocks")(index)
      if options.kind == .transformer {
        return .transformer(
          try TransformerBlock(
            place, width: width, heads: options.heads, feedForward: 2 * width, dropout: options.dropout,
            activation: .gelu))
      }
      return .mlp(
        try LayerNorm(place("norm"), width: width),
        try Linear(place("linear1"), inputs: width, outputs: 2 * width),
        try Linear(place("linear2"), inputs: 2 * width, outputs: width))
    }
    dropout = options.dropout
  }

  /// - Parameters:
  ///   - tokens: `[windows, tokens, width]`.
  ///   - see: Where it is there, is given the mean of the tokens that come in, and of those that each block gives.
  /// - Returns: The same shape; a window's vector is the mean of its tokens.
  func callAsFunction(_ tokens: Tensor, _ mode: Mode, _ see: ((Tensor) throws -> Void)?) throws -> Tensor {
    var x = tokens
    try see?(x.mean([1]))
    for block in blocks {
      switch block {
      case .mlp(let norm, let linear1, let linear2):
        x = try x + linear2(linear1(norm(x)).gelu().dropout(dropout, mode))
      case .transformer(let block):
        x = try block(x, mode)
      }
      try see?(x.mean([1]))
    }
    return x
  }
}
