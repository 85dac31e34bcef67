public import Layers
public import SleepCore
public import Tensors

/// A pre-norm transformer over the windows of a sequence, with sinusoidal positions: SleepVST's, over any encoder.
///
/// Carter and others, "SleepVST: Sleep Staging from Near-Infrared Video Signals using Pre-Trained Transformers" (CVPR
/// 2024). Parameters are named `layers.<block>.…` and `norm.…`, and `projection.…` where the width is not that of the vectors.
public struct Transformer: Context {
  public struct Options: Settings {
    /// The size of the vectors; that of those which come in where 0.
    public var width: Int = 128
    public var layers: Int = 2
    public var heads: Int = 8
    public var feedForward: Int = 512
    public var dropout: Double = 0.1
    /// Of the weights by which attention mixes windows.
    public var attentionDropout: Double = 0

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .width: .whole(0...65_536),
        .layers: .whole(0...1000),
        .heads: .whole(1...1024),
        .feedForward: .whole(1...65_536),
        .dropout: .number(0..<1),
        .attentionDropout: .number(0..<1),
      ])

    public var conflict: Misfit? { width == 0 ? nil : Self.conflict(width: width, heads: heads) }

    static func conflict(width: Int, heads: Int) -> Misfit? {
      if width % 2 != 0 { return Misfit("width", is: "\(width)", expected: "an even number") }
      if width % heads != 0 {
        return Misfit("heads", with: ["width"], is: "\(heads)", expected: "a divisor of the width, \(width)")
      }
      return nil
    }

    public init() {}
  }

  public static let name = "transformer"
  public static let summary = "pre-norm attention blocks over a sequence: SleepVST's"

  public let width: Int
  private let projection: Linear?
  private let blocks: [TransformerBlock]
  private let norm: LayerNorm

  /// - Throws: ``EncoderError/recipe(_:)`` where the vectors' own width cannot be shared by the heads.
  public init(_ scope: Scope, _ options: Options, inputs: Int) throws {
    let width = options.width == 0 ? inputs : options.width
    if let misfit = Options.conflict(width: width, heads: options.heads) {
      throw EncoderError.recipe("transformer: \(misfit)")
    }
    projection =
      width == inputs ? nil : try Linear(scope("projection"), inputs: inputs, outputs: width)
    blocks = try (0..<options.layers).map {
      try TransformerBlock(
        scope("layers")($0), width: width, heads: options.heads, feedForward: options.feedForward,
        dropout: options.dropout, attentionDropout: options.attentionDropout)
    }
    norm = try LayerNorm(scope("norm"), width: width)
    self.width = width
  }

  public func callAsFunction(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor {
    try norm(unnormed(vectors, extent, mode))
  }

  /// What the last block gives, before it is normalised.
  public func unnormed(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor {
    var x = try projection?(vectors) ?? vectors
    x = try x + SinusoidalPositions.make(length: x.shape[1], width: width, device: x.device)
    for block in blocks { x = try block(x, valid: extent.attendable, mode) }
    return x
  }
}
