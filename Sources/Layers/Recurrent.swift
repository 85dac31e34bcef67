public import Tensors

/// A recurrent network over a sequence: LSTM or GRU, one or more layers, one or both directions.
public struct Recurrent {
  public enum Cell: String, Codable, CaseIterable, Sendable {
    /// Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997).
    case lstm
    /// Cho and others, "Learning Phrase Representations using RNN Encoder-Decoder" (2014).
    case gru

    var gates: Int { self == .lstm ? 4 : 3 }
  }

  let cell: Cell
  let weights: [Tensor]
  let hiddenSize: Int
  let layers: Int
  let bidirectional: Bool

  public init(
    _ scope: Scope, _ cell: Cell, inputs: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = true
  ) throws {
    guard hiddenSize > 0, layers > 0 else {
      throw TensorError.invalid("a recurrent network of \(layers) layers of \(hiddenSize), expected at least 1 of each")
    }
    let gates = cell.gates * hiddenSize
    var weights: [Tensor] = []
    for layer in 0..<layers {
      let width = layer == 0 ? inputs : hiddenSize * (bidirectional ? 2 : 1)
      for suffix in bidirectional ? ["l\(layer)", "l\(layer)_reverse"] : ["l\(layer)"] {
        for (name, shape) in [
          ("weight_ih", [gates, width]), ("weight_hh", [gates, hiddenSize]), ("bias_ih", [gates]), ("bias_hh", [gates]),
        ] {
          weights.append(try scope.parameter("\(name)_\(suffix)", shape, .fanIn(hiddenSize)))
        }
      }
    }
    self.cell = cell
    self.weights = weights
    self.hiddenSize = hiddenSize
    self.layers = layers
    self.bidirectional = bidirectional
  }

  /// The size of the last axis that comes out.
  public var outputs: Int { hiddenSize * (bidirectional ? 2 : 1) }

  /// - Parameters:
  ///   - x: `[batch, length, inputs]`.
  ///   - lengths: Windows of each sequence, the first ones; `nil` when all.
  /// - Returns: `[batch, length, outputs]`: of each sequence what it alone gives, and zeros behind its end.
  public func callAsFunction(_ x: Tensor, lengths: [Int]? = nil) throws -> Tensor {
    let (batch, length, _) = try x.shape3()
    guard let lengths else { return try read(x, weights, layers: layers, bidirectional: bidirectional) }
    guard lengths.count == batch, lengths.allSatisfy((0...length).contains) else {
      throw TensorError.invalid("lengths \(lengths) of \(batch) sequences, expected one each from 0 to \(length)")
    }
    let longest = lengths.max() ?? 0
    guard longest < length else { return try withinLengths(x, lengths) }
    guard longest > 0 else { return try .zeros([batch, length, outputs], device: x.device) }
    return try withinLengths(x.narrowed(1, 0..<longest), lengths).padded([0, 0, 0, length - longest])
  }

  /// The network over whole rows, all of them sequences of the same length.
  func read(_ x: Tensor, _ weights: [Tensor], layers: Int, bidirectional: Bool) throws -> Tensor {
    // In float32 always: on a card autocast would have cuDNN compute in float16, whose numbers do not reach far enough, and oneDNN has no
    // LSTM in bfloat16 for a processor without AVX-512.
    guard Precision.isReduced else { return try compute(x, weights, layers, bidirectional) }
    return try LibTorch.withoutAutocast(on: x.device) {
      try compute(x.dtype == .float32 ? x : x.to(.float32), weights, layers, bidirectional)
    }
  }

  private func compute(_ x: Tensor, _ weights: [Tensor], _ layers: Int, _ bidirectional: Bool) throws -> Tensor {
    let state = try Tensor.zeros(
      [layers * (bidirectional ? 2 : 1), x.shape[0], hiddenSize], dtype: x.dtype, device: x.device)
    return switch cell {
    case .lstm: try x.lstm(state: [state, state], weights: weights, layers: layers, bidirectional: bidirectional)
    case .gru: try x.gru(state: state, weights: weights, layers: layers, bidirectional: bidirectional)
    }
  }
}
