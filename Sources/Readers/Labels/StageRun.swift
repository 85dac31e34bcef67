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
  ///   - runs: In order of time; where two overlap the later one holds, and what is unscored holds over all.
  ///   - signalSeconds: Only windows within the signal are kept, and scored ones of which at least half is, where the grid does not
  ///     begin with the signal; `nil` keeps all up to the last run's end.
  ///   - window: Length of a scored window.
  /// - Returns: `nil` when there are no runs, or no whole window within the signal.
  init?(runs: [StageRun], signalSeconds: Double?, windowSeconds window: Double = 30) {
    // No recording lasts two weeks: a limit for damaged onsets.
    let longest = 14.0 * 86_400
    guard let first = runs.first?.startSeconds, abs(first) < longest else { return nil }
    let phase = first - (first / window).rounded(.down) * window
    let ends = runs.map { min($0.endSeconds, longest) }
    var start = signalSeconds == nil ? first : phase
    let end = min(signalSeconds ?? ends.max() ?? 0, longest)
    var count = Int(((end - start) / window + 1e-6).rounded(.down))
    guard count > 0 else { return nil }
    if signalSeconds != nil, phase > 1e-6 {
      // The windows at the edges, of which some lies outside.
      if phase >= window / 2 { (start, count) = (start - window, count + 1) }
      if end - start - Double(count) * window >= window / 2 { count += 1 }
    }
    var stages = [Stage?](repeating: nil, count: count)
    let ordered = zip(runs, ends).filter { $0.0.stage != nil } + zip(runs, ends).filter { $0.0.stage == nil }
    for (run, end) in ordered {
      let from = ((run.startSeconds - start) / window - 0.5).rounded(.up)
      let to = ((end - start) / window - 0.5).rounded(.up)
      let range = Int(min(max(from, 0), Double(count)))..<Int(min(max(to, from, 0), Double(count)))
      for index in range { stages[index] = run.stage }
    }
    if start < 0, signalSeconds != nil, stages[0] == nil {
      stages.removeFirst()
      start += window
    }
    if let signalSeconds, start + Double(stages.count) * window > signalSeconds + 1e-3, stages.last == .some(nil) {
      stages.removeLast()
    }
    self.init(startSeconds: start, windowSeconds: window, stages: stages)
  }
}
