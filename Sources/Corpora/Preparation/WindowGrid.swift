import SleepCore

/// Where the windows of a recording lie in time, and their labels.
struct WindowGrid: Equatable {
  let startSeconds: Double
  let windowSeconds: Double
  /// One a window; -1 is unscored.
  let labels: [Int8]
  /// What was left out, a sentence each.
  let warnings: [String]

  /// Nobody records for longer than 90 days; times that say so are wrong, and would fill the memory.
  private static let longestSeconds = 90 * 86400.0

  var count: Int { labels.count }
  var endSeconds: Double { startSeconds + Double(count) * windowSeconds }

  /// - Parameters:
  ///   - measured: From the first to the last sample of any sensor, in seconds.
  ///   - hypnogram: Its windows are the grid, less those outside of what was measured; without it the grid begins with the signals.
  ///   - trimWakeMinutes: Kept on each side of sleep.
  /// - Throws: ``CorpusError/otherWindow(path:foundSeconds:expectedSeconds:)``,
  ///   ``CorpusError/tooLong(path:days:)``.
  init(
    measured: ClosedRange<Double>, hypnogram: Hypnogram?, windowSeconds: Double, trimWakeMinutes: Double?, path: String
  ) throws {
    self.windowSeconds = windowSeconds
    guard measured.upperBound - measured.lowerBound <= Self.longestSeconds else {
      throw CorpusError.tooLong(path: path, days: (measured.upperBound - measured.lowerBound) / 86400)
    }
    guard let hypnogram else {
      startSeconds = measured.lowerBound
      let count = ((measured.upperBound - measured.lowerBound) / windowSeconds + 1e-6).rounded(.down)
      labels = [Int8](repeating: -1, count: max(0, Int(count)))
      warnings = []
      return
    }
    guard abs(hypnogram.windowSeconds - windowSeconds) < 1e-6 else {
      throw CorpusError.otherWindow(
        path: path, foundSeconds: hypnogram.windowSeconds, expectedSeconds: windowSeconds)
    }
    // A window counts as measured when at least half of it is.
    func isMeasured(_ index: Int) -> Bool {
      let start = hypnogram.startSeconds + Double(index) * windowSeconds
      let overlap = min(measured.upperBound, start + windowSeconds) - max(measured.lowerBound, start)
      return overlap >= windowSeconds / 2
    }
    let stages = hypnogram.stages
    var warnings: [String] = []
    var range = 0..<0
    if let first = stages.indices.first(where: isMeasured), let last = stages.indices.last(where: isMeasured) {
      range = first..<(last + 1)
    }
    let outside = stages.count - range.count
    if outside > 0 {
      warnings.append("\(outside) of \(stages.count) labels lie outside the signal and are left out")
    }
    if let minutes = trimWakeMinutes {
      let sleep = range.filter { stages[$0].map { $0 != .wake } ?? false }
      if let first = sleep.first, let last = sleep.last {
        let margin = Int((minutes * 60 / windowSeconds).rounded())
        range = max(range.lowerBound, first - margin)..<min(range.upperBound, last + 1 + margin)
      }
    }
    startSeconds = hypnogram.startSeconds + Double(range.lowerBound) * windowSeconds
    labels = range.map { stages[$0]?.rawValue ?? -1 }
    self.warnings = warnings
  }
}

extension Signal {
  /// From the first sample to one sample after the last, in seconds; `nil` without samples.
  var measuredSeconds: ClosedRange<Double>? {
    switch timing {
    case .regular(let start, let rate):
      guard count > 0, rate > 0 else { return nil }
      return start...(start + Double(count) / rate)
    case .irregular(let seconds):
      let finite = seconds.filter(\.isFinite)
      guard let first = finite.min(), let last = finite.max() else { return nil }
      return first...last
    }
  }
}
