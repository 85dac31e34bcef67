public import Tensors

/// Sequences of one length within a stretch of neighbouring windows; they may overlap.
public struct Sequences: Sendable {
  /// Where each begins, in windows from the start of the stretch.
  public let starts: [Int]
  /// Windows in each.
  public let length: Int

  public init(starts: [Int], length: Int) {
    self.starts = starts
    self.length = length
  }

  /// Whether windows are in several of them.
  public var overlap: Bool { zip(starts, starts.dropFirst()).contains { $1 - $0 < length } }

  /// What is known of each window of the stretch, `[1, windows, …]`, for each sequence: `[sequences, length, …]`.
  public func callAsFunction(_ stretch: Tensor) throws -> Tensor {
    try .concatenate(starts.map { try stretch.narrowed(1, $0..<($0 + length)) }, axis: 0)
  }
}
