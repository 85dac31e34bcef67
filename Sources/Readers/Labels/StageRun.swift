import SleepCore

/// A stretch of one stage, as annotation files hold them.
struct StageRun {
  let startSeconds: Double
  let durationSeconds: Double
  /// `nil` is unscored, movement or unknown.
  let stage: Stage?

  var endSeconds: Double { startSeconds + durationSeconds }
}

extension Hypnogram {
  /// Windows on the grid of the first run, each with the stage at its middle.
  ///
  /// - Parameters:
  ///   - runs: In order of time; where two overlap the later one holds.
  ///   - signalSeconds: Only whole windows within the signal are kept; `nil` keeps all up to the last run's end.
  ///   - window: Length of a scored window.
  /// - Returns: `nil` when there are no runs, or no whole window within the signal.
  init?(runs: [StageRun], signalSeconds: Double?, windowSeconds window: Double = 30) {
    // No recording lasts two weeks: a limit for damaged onsets.
    let longest = 14.0 * 86_400
    guard let first = runs.first?.startSeconds, abs(first) < longest else { return nil }
    let phase = first - (first / window).rounded(.down) * window
    let ends = runs.map { min($0.endSeconds, longest) }
    let start = signalSeconds == nil ? first : phase
    let end = min(signalSeconds ?? ends.max() ?? 0, longest)
    let count = Int(((end - start) / window + 1e-6).rounded(.down))
    guard count > 0 else { return nil }
    var stages = [Stage?](repeating: nil, count: count)
    for (run, end) in zip(runs, ends) {
      let from = ((run.startSeconds - start) / window - 0.5).rounded(.up)
      let to = ((end - start) / window - 0.5).rounded(.up)
      let range = Int(min(max(from, 0), Double(count)))..<Int(min(max(to, from, 0), Double(count)))
      for index in range { stages[index] = run.stage }
    }
    self.init(startSeconds: start, windowSeconds: window, stages: stages)
  }
}
