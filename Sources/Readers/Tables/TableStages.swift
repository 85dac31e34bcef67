/// Stages that a table holds beside its samples, one a row, as runs.
enum TableStages {
  struct Run: Hashable, Sendable {
    let onsetSeconds: Double
    let durationSeconds: Double
    let word: String
  }

  /// Longer gaps between rows end a run, and nobody scored them.
  private static let longestGap = 60.0

  /// - Parameters:
  ///   - stages: One a row, by their numbers in `words`.
  ///   - seconds: When each row was taken, in order.
  ///   - sampleRateHz: `nil` where each row has its own time.
  static func runs(_ stages: [UInt16], words: [String], seconds: [Double], sampleRateHz: Double?) -> [Run] {
    var runs: [Run] = []
    var first = 0
    for row in 1...max(1, stages.count) {
      let isLast = row >= stages.count
      let isGap = !isLast && seconds[row] - seconds[row - 1] > longestGap
      guard isLast || isGap || stages[row] != stages[first] else { continue }
      // A row lasts until the next one.
      let usual = sampleRateHz.map { 1 / $0 } ?? (row > 1 ? min(seconds[row - 1] - seconds[row - 2], longestGap) : 0)
      let end = isLast || isGap ? seconds[row - 1] + usual : seconds[row]
      if runs.count < RecordingLimits.mostLabels {
        runs.append(
          Run(onsetSeconds: seconds[first], durationSeconds: end - seconds[first], word: words[Int(stages[first])]))
      }
      first = row
    }
    return runs
  }
}
