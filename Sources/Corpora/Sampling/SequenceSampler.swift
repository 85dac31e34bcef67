import SleepCore

/// Stretches of neighbouring windows within a recording, the last one padded at its end.
public struct SequenceSampler: Sendable {
  private let source: WindowSource
  private let length: Int
  private let batchSize: Int
  private let seed: UInt64
  private let starts: [(recording: Int, window: Int)]

  /// - Parameters:
  ///   - length: Windows in a sequence.
  ///   - stride: Windows from the start of one sequence to that of the next; `length` covers every window once.
  ///   - onlyLabelled: Leaves out sequences without any label that may be seen.
  public init(
    _ source: WindowSource, length: Int, stride: Int, batchSize: Int, onlyLabelled: Bool = false, seed: UInt64
  ) {
    precondition(length > 0 && batchSize > 0 && (1...length).contains(stride), "a stride of 1 to \(length)")
    self.source = source
    self.length = length
    self.batchSize = batchSize
    self.seed = seed
    starts = source.recordings.flatMap { recording in
      let count = source.store.recordings[recording].windows
      let classes = onlyLabelled ? source.classes(recording: recording) : []
      let valid = onlyLabelled ? source.valid(recording: recording) : []
      return Self.starts(windows: count, length: length, stride: stride).filter { start in
        !onlyLabelled
          || (start..<min(start + length, count)).contains { classes[$0] >= 0 && valid[$0] != 0 }
      }.map { (recording, $0) }
    }
  }

  /// Where sequences begin: every `stride` windows until all windows are covered.
  static func starts(windows: Int, length: Int, stride step: Int) -> [Int] {
    windows == 0 ? [] : Array(stride(from: 0, to: max(1, windows - length + step), by: step))
  }

  /// Sequences in an epoch.
  public var count: Int { starts.count }

  /// The batches of one epoch, in an order that depends on the seed and the epoch alone.
  public func epoch(_ number: Int) -> [BatchPlan] {
    var random = RandomSource(seed: seed, for: "sequences of epoch \(number)")
    return batches(of: starts.shuffled(using: &random))
  }

  /// Every sequence once, in the order of recordings and time, for evaluation.
  public func inOrder() -> [BatchPlan] { batches(of: starts) }

  private func batches(of starts: [(recording: Int, window: Int)]) -> [BatchPlan] {
    stride(from: 0, to: starts.count, by: batchSize).map { first in
      let rows = starts[first..<min(first + batchSize, starts.count)]
      let windows = rows.flatMap { recording, start in
        let count = source.store.recordings[recording].windows
        return (start..<(start + length)).map {
          WindowReference(recording: recording, window: $0 < count ? $0 : -1)
        }
      }
      return BatchPlan(sensors: source.sensors, length: length, windows: windows)
    }
  }
}

extension WindowSource {
  /// One recording in order, as sequences of `length` windows every `stride`, the last one padded: for prediction.
  public func plans(recording: Int, length: Int, stride step: Int, batchSize: Int) -> [BatchPlan] {
    let count = store.recordings[recording].windows
    let starts = SequenceSampler.starts(windows: count, length: length, stride: step)
    return stride(from: 0, to: starts.count, by: batchSize).map { first in
      let windows = starts[first..<min(first + batchSize, starts.count)].flatMap { start in
        (start..<(start + length)).map { WindowReference(recording: recording, window: $0 < count ? $0 : -1) }
      }
      return BatchPlan(sensors: sensors, length: length, windows: windows)
    }
  }

  /// The same sequences as stretches of neighbouring windows that hold several of them.
  ///
  /// A stretch has at most 1024 windows, or two sequences' where that is more, and its sequences together 4096, or it is one sequence.
  ///
  /// - Returns: Each stretch, a plan of one row padded at its end, and where in it sequences begin.
  public func stretches(
    recording: Int, length: Int, stride step: Int
  ) -> [(plan: BatchPlan, starts: [Int])] {
    let count = store.recordings[recording].windows
    let starts = SequenceSampler.starts(windows: count, length: length, stride: step)
    let together = max(1, min(1 + (max(1024, 2 * length) - length) / step, 4096 / length))
    return stride(from: 0, to: starts.count, by: together).map { index in
      let own = starts[index..<min(index + together, starts.count)].map { $0 - starts[index] }
      let size = own[own.count - 1] + length
      let windows = (starts[index]..<(starts[index] + size)).map {
        WindowReference(recording: recording, window: $0 < count ? $0 : -1)
      }
      return (BatchPlan(sensors: sensors, length: size, windows: windows), own)
    }
  }
}
