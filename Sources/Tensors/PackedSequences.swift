private enum Ops {
  static let pack = Operator("_pack_padded_sequence")
  static let pad = Operator("_pad_packed_sequence")
  static let lstm = Operator("lstm", "data")
  static let gru = Operator("gru", "data")
}

/// Sequences of unequal length without their padding, place by place, as LibTorch's recurrent networks take them.
///
/// The network then reads each sequence backwards from its own end, and carries its state no further.
public struct PackedSequences {
  /// `[windows, features]`: the first window of every sequence, then the second of every one that has it, and so on.
  public let values: Tensor
  /// int64 `[length]` on the processor: how many sequences have a window at each place.
  public let counts: Tensor

  /// - Parameters:
  ///   - padded: `[batch, length, features]`, the longest sequence first.
  ///   - lengths: Windows of each sequence: at least 1, none more than the one before.
  /// - Throws: ``TensorError/operation(name:shapes:message:)`` for other lengths.
  public init(_ padded: Tensor, lengths: [Int]) throws {
    let parts = try Ops.pack.results([.tensor(padded), .tensor(Tensor(lengths.map(Int64.init))), true])
    self.init(values: parts[0], counts: parts[1])
  }

  private init(values: Tensor, counts: Tensor) {
    self.values = values
    self.counts = counts
  }

  /// - Returns: `[batch, length, features]`, zeros behind each sequence's end.
  public func padded(to length: Int) throws -> Tensor {
    try Ops.pad(.tensor(values), .tensor(counts), true, 0.0, .int(length))
  }

  /// As ``Tensor/lstm(state:weights:layers:bidirectional:)``, with a state for each sequence in the order of ``init(_:lengths:)``.
  public func lstm(state: [Tensor], weights: [Tensor], layers: Int, bidirectional: Bool) throws -> PackedSequences {
    let values = try Ops.lstm(
      .tensor(values), .tensor(counts), .tensors(state), .tensors(weights), true, .int(layers), 0.0, true,
      .bool(bidirectional))
    return PackedSequences(values: values, counts: counts)
  }

  /// As ``Tensor/gru(state:weights:layers:bidirectional:)``.
  public func gru(state: Tensor, weights: [Tensor], layers: Int, bidirectional: Bool) throws -> PackedSequences {
    let values = try Ops.gru(
      .tensor(values), .tensor(counts), .tensor(state), .tensors(weights), true, .int(layers), 0.0, true,
      .bool(bidirectional))
    return PackedSequences(values: values, counts: counts)
  }
}
