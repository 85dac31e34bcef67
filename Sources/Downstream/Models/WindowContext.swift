import Layers
import Tensors
import Training

/// What lets a window's vector know of its neighbours: nothing, recurrence, or attention.
struct WindowContext {
  private enum Kind {
    case none
    case recurrent(Recurrent)
    case transformer(Linear, [TransformerBlock], LayerNorm)
  }

  /// Size of the vectors that come out.
  let width: Int
  private let kind: Kind

  init(_ scope: Scope, _ options: SpectrogramCNN.Options) throws {
    let (inputs, width, layers) = (options.hidden, options.contextWidth, options.contextLayers)
    try options.check(model: "spectrogram_cnn")
    self.width = options.context == .none ? inputs : width
    kind =
      switch options.context {
      case .none: .none
      case .recurrent:
        .recurrent(
          try Recurrent(scope("recurrent"), .lstm, inputs: inputs, hiddenSize: width / 2, layers: layers))
      case .transformer:
        .transformer(
          try Linear(scope("projection"), inputs: inputs, outputs: width),
          try (0..<layers).map {
            try TransformerBlock(scope("layers")($0), width: width, heads: 4, feedForward: 2 * width)
          },
          try LayerNorm(scope("norm"), width: width))
      }
  }

  /// - Parameter x: `[batch, length, hidden]`.
  /// - Returns: `[batch, length, width]`.
  func callAsFunction(_ x: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    switch kind {
    case .none: return x
    case .recurrent(let layers): return try layers(x, lengths: batch.lengths)
    case .transformer(let projection, let blocks, let norm):
      let valid = try batch.attendable()
      var x = try projection(x)
      x = try x + SinusoidalPositions.make(length: batch.length, width: width, device: x.device)
      for block in blocks { x = try block(x, valid: valid, mode) }
      return try norm(x)
    }
  }
}
