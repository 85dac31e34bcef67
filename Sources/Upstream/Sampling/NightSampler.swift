import Corpora
import SleepCore

/// Stretches of whole nights in batches: each night is cut from another place in each epoch.
///
/// A stretch holds at least two windows that every sensor measured. Which stretches a batch has depends on the seed and the
/// epoch alone.
struct NightSampler {
  private let sources: [WindowSource]
  private let options: NightOptions
  private let seed: UInt64

  init(_ sources: [WindowSource], _ options: NightOptions, seed: UInt64) {
    self.sources = sources
    self.options = options
    self.seed = seed
  }

  func epoch(_ number: Int) -> [BatchPlan] {
    var random = RandomSource(seed: seed, for: "nights of epoch \(number)")
    var rows: [[WindowReference]] = []
    for (corpus, source) in sources.enumerated() {
      for recording in source.recordings {
        let valid = source.valid(recording: recording)
        let first = Int.random(in: 0..<options.stride, using: &random)
        for start in starts(windows: valid.count, from: first) {
          let end = min(start + options.length, valid.count)
          guard valid[start..<end].count(where: { $0 != 0 }) >= 2 else { continue }
          rows.append(
            (start..<(start + options.length)).map {
              WindowReference(corpus: corpus, recording: recording, window: $0 < end ? $0 : -1)
            })
        }
      }
    }
    guard let sensors = sources.first?.sensors else { return [] }
    rows.shuffle(using: &random)
    // A last batch of one stretch has nothing to be told apart from.
    return stride(from: 0, to: rows.count, by: options.batch).map { rows[$0..<min($0 + options.batch, rows.count)] }
      .filter { $0.count > 1 || rows.count == 1 }
      .map { BatchPlan(sensors: sensors, length: options.length, windows: $0.flatMap(\.self)) }
  }

  /// Where stretches begin, so that the night's end is in one of them.
  private func starts(windows: Int, from first: Int) -> [Int] {
    guard windows > options.length else { return windows > 0 ? [0] : [] }
    let last = windows - options.length
    return Array(stride(from: min(first, last), to: last, by: options.stride)) + [last]
  }
}
