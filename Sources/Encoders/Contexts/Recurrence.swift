public import Layers
public import SleepCore
public import Tensors

/// What recipes say of a recurrent network.
public struct RecurrenceOptions: Settings {
  /// The size of the state in each direction.
  public var hidden: Int = 128
  public var layers: Int = 1
  /// Before the first layer and behind each.
  public var dropout: Double = 0.1

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .hidden: .whole(1...65_536),
      .layers: .whole(1...100),
      .dropout: .number(0..<1),
    ])

  public init() {}
}

/// LSTMs over each sequence's own length in both directions.
///
/// Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997).
public struct BiLSTM: Context {
  public typealias Options = RecurrenceOptions

  public static let name = "bilstm"
  public static let summary = "a long short-term memory in both directions"

  private let stack: RecurrentStack

  public init(_ scope: Scope, _ options: RecurrenceOptions, inputs: Int) throws {
    stack = try RecurrentStack(scope, .lstm, options, inputs: inputs)
  }

  public var width: Int { stack.width }

  public func callAsFunction(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor {
    try stack(vectors, extent, mode)
  }
}

/// Gated recurrent units over each sequence's own length in both directions.
///
/// Cho and others, "Learning Phrase Representations using RNN Encoder-Decoder" (2014).
public struct BiGRU: Context {
  public typealias Options = RecurrenceOptions

  public static let name = "bigru"
  public static let summary = "gated recurrent units in both directions"

  private let stack: RecurrentStack

  public init(_ scope: Scope, _ options: RecurrenceOptions, inputs: Int) throws {
    stack = try RecurrentStack(scope, .gru, options, inputs: inputs)
  }

  public var width: Int { stack.width }

  public func callAsFunction(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor {
    try stack(vectors, extent, mode)
  }
}

/// Layers of one cell, with dropout between them. Parameters are named `recurrent.<layer>.…`.
private struct RecurrentStack {
  private let layers: [Recurrent]
  private let dropout: Double
  let width: Int

  init(_ scope: Scope, _ cell: Recurrent.Cell, _ options: RecurrenceOptions, inputs: Int) throws {
    width = 2 * options.hidden
    layers = try (0..<options.layers).map {
      try Recurrent(
        scope("recurrent")($0), cell, inputs: $0 == 0 ? inputs : 2 * options.hidden, hiddenSize: options.hidden)
    }
    dropout = options.dropout
  }

  func callAsFunction(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor {
    var x = try vectors.dropout(dropout, mode)
    for layer in layers { x = try layer(x, lengths: extent.lengths).dropout(dropout, mode) }
    return x
  }
}
