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
    if let lengths, lengths.count != batch || !lengths.allSatisfy((0...length).contains) {
      throw TensorError.invalid("lengths \(lengths) of \(batch) sequences, expected one each from 0 to \(length)")
    }
    if let lengths, lengths.contains(where: { $0 < length }) { return try unequal(x, lengths, padding: length) }
    let state = try state(batch, on: x.device)
    return switch cell {
    case .lstm: try x.lstm(state: [state, state], weights: weights, layers: layers, bidirectional: bidirectional)
    case .gru: try x.gru(state: state, weights: weights, layers: layers, bidirectional: bidirectional)
    }
  }

  /// Without the padding, which a direction that reads from the end would begin in.
  private func unequal(_ x: Tensor, _ lengths: [Int], padding length: Int) throws -> Tensor {
    let order = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    guard !order.isEmpty else { return try .zeros([lengths.count, length, outputs], device: x.device) }
    let rows = try Tensor(order.map(Int64.init)).to(x.device)
    let packed = try PackedSequences(x.select(0, indices: rows), lengths: order.map { lengths[$0] })
    let state = try state(order.count, on: x.device)
    let read =
      switch cell {
      case .lstm:
        try packed.lstm(state: [state, state], weights: weights, layers: layers, bidirectional: bidirectional)
      case .gru: try packed.gru(state: state, weights: weights, layers: layers, bidirectional: bidirectional)
      }
    return try read.padded(to: length).placed(at: rows, of: lengths.count)
  }

  /// The state before the first window.
  private func state(_ sequences: Int, on device: Device) throws -> Tensor {
    try .zeros([layers * (bidirectional ? 2 : 1), sequences, hiddenSize], device: device)
  }
}
