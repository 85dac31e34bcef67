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

  /// - Parameter x: `[batch, length, inputs]`.
  /// - Returns: `[batch, length, outputs]`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let (batch, _, _) = try x.shape3()
    let state = try Tensor.zeros([layers * (bidirectional ? 2 : 1), batch, hiddenSize], device: x.device)
    return switch cell {
    case .lstm: try x.lstm(state: [state, state], weights: weights, layers: layers, bidirectional: bidirectional)
    case .gru: try x.gru(state: state, weights: weights, layers: layers, bidirectional: bidirectional)
    }
  }
}
