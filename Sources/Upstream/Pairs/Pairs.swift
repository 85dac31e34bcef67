import Corpora
public import SleepCore
public import Tensors
import Training

/// The pairs of a batch: the first members of all, then the second ones, each changed in its own way.
public struct Pairs {
  /// `[2 * pairs, 1]` and the windows' shape.
  public let views: Tensor
  /// The position in the batch that each view is of.
  public let order: [Int]
  /// `[2 * pairs, numbers]`: how each view was changed.
  private let drawn: Tensor
  private let told: Int
  /// Pairs in the batch.
  public var count: Int { order.count / 2 }

  /// - Parameter told: How many numbers a head is told of each view, of the sensor that has most; 0 is none.
  public init(_ windows: PretextWindows, _ options: PairOptions, told: Int = 0, _ random: inout RandomSource) throws {
    self.told = told
    order = Self.order(windows.count, options.of)
    let mirrored = options.map.mirrored(windows, &random)
    (views, drawn) = try options.changed(windows, order, mirrored: mirrored, &random)
  }

  /// Vectors with what a head is told of each view behind them, and zeros where another sensor has more.
  ///
  /// - Parameter vectors: `[2 * pairs, width]`.
  /// - Returns: `[2 * pairs, width + told]`.
  func beside(_ vectors: Tensor) throws -> Tensor {
    guard told > 0 else { return vectors }
    let rest = told - drawn.shape[1]
    let padding = try rest > 0 ? [Tensor.zeros([drawn.shape[0], rest], device: drawn.device)] : []
    return try .concatenate([vectors, drawn] + padding, axis: 1)
  }

  /// The positions in a batch of so many windows of the first members of all pairs, then those of the second ones.
  static func order(_ count: Int, _ kind: PairOptions.Kind) -> [Int] {
    guard kind == .neighbours else { return Array(0..<count) + Array(0..<count) }
    precondition(count.isMultiple(of: 2), "pairs of neighbours")
    return Array(stride(from: 0, to: count, by: 2)) + Array(stride(from: 1, to: count, by: 2))
  }
}

extension PretextWindows {
  /// Equal places as equal numbers: a window that was drawn twice is the same window.
  func placeNumbers(_ order: [Int]) -> [Int] { places.isEmpty ? order : numbers(order) { $0 } }

  /// A number for each window's recording.
  func recordingNumbers(_ order: [Int]) -> [Int] {
    places.isEmpty
      ? [Int](repeating: 0, count: order.count)
      : numbers(order) { WindowReference(corpus: $0.corpus, recording: $0.recording, window: 0) }
  }

  /// A number for each window's subject.
  func subjectNumbers(_ order: [Int]) -> [Int] {
    subjects.isEmpty ? [Int](repeating: 0, count: order.count) : order.map { subjects[$0] }
  }

  private func numbers(_ order: [Int], _ thing: (WindowReference) -> WindowReference) -> [Int] {
    var numbers: [WindowReference: Int] = [:]
    return order.map { position in
      let thing = thing(places[position])
      if let known = numbers[thing] { return known }
      numbers[thing] = numbers.count
      return numbers.count - 1
    }
  }
}
