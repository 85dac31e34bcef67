import SleepCore

/// Whether stages contradict each other, as the rows of two scorers in one file do.
enum StageOverlap {
  /// - Parameters:
  ///   - runs: In order of time.
  ///   - allowedSeconds: How long stages may overlap in all, as rounded times do.
  /// - Throws: ``ReadError`` with the first moment that has two stages.
  static func check(_ runs: [StageRun], _ allowedSeconds: Double, _ file: LabelFile) throws {
    let scored = runs.filter { $0.stage != nil }
    var longest: StageRun?
    var seconds = 0.0
    var first: (StageRun, StageRun)?
    for run in scored {
      if let before = longest, before.stage != run.stage, before.endSeconds > run.startSeconds {
        let overlap = min(before.endSeconds, run.endSeconds) - run.startSeconds
        if overlap > 0.1, first == nil { first = (before, run) }
        seconds += overlap
      }
      if run.endSeconds > longest?.endSeconds ?? -.infinity { longest = run }
    }
    guard let (one, other) = first, seconds > allowedSeconds, let stage = one.stage, let second = other.stage else {
      return
    }
    throw ReadError(
      file.url,
      found:
        "two stages at \(plain((other.startSeconds * 10).rounded() / 10)) s, \(stage.name) and \(second.name), and \(plain(seconds.rounded())) s of such in all",
      expected: "one stage at a time, of one scorer")
  }
}
