import Foundation
import SleepCore

/// Rows of a table of epochs on the table's own clock: epochs that are not there are missing, after a long gap a new stretch begins.
struct EpochRows: Sendable {
  let clock: BlockClock

  /// - Parameter seconds: When each row's epoch begins, from the first.
  /// - Throws: ``ReadError`` where one lies further from the first than any recording.
  init(_ seconds: [Double], epochSeconds: Double, url: URL) throws(ReadError) {
    clock = try BlockClock(
      seconds.map { .init(startSeconds: $0, count: 1) }, sampleRateHz: 1 / epochSeconds, url: url)
  }

  /// One column, a value a row, in stretches.
  func stretches(_ values: [Float], times factor: Double, url: URL) throws -> [StoredStretch] {
    try clock.stretches.map { stretch in
      StoredStretch(
        timing: .regular(startSeconds: stretch.startSeconds, sampleRateHz: clock.sampleRateHz),
        samples: try clock.samples(of: stretch, isState: true, url: url) { row, samples in
          samples.append(values[clock.kept[row]] * Float(factor))
        })
    }
  }
}
