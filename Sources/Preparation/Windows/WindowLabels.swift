import Corpora
import SleepCore

/// The stored label of each window of a grid, out of a scoring that may begin elsewhere and have windows of another length.
struct WindowLabels: Equatable {
  /// One a window; -1 is unscored.
  let labels: [Int8]
  /// What was moved or left out, a sentence each.
  let warnings: [String]

  /// - Parameters:
  ///   - trimWakeMinutes: Labels of wake further from sleep are left unscored.
  ///   - around: What sleep is taken to last from and to.
  init(
    _ hypnogram: Hypnogram?, on grid: WindowGrid, trimWakeMinutes: Double?, around: TrimmedAround = .sleep
  ) {
    guard let hypnogram, !hypnogram.stages.isEmpty else {
      (labels, warnings) = ([Int8](repeating: -1, count: grid.count), [])
      return
    }
    var labels = (0..<grid.count).map { index in
      hypnogram.stage(
        from: grid.startSeconds + Double(index) * grid.windowSeconds, seconds: grid.windowSeconds)?.rawValue ?? -1
    }
    var warnings: [String] = []
    let total = hypnogram.stages.count
    let outside = hypnogram.stages.indices.count { index in
      let middle = hypnogram.startSeconds + (Double(index) + 0.5) * hypnogram.windowSeconds
      return middle < grid.startSeconds || middle > grid.endSeconds
    }
    if outside > 0 { warnings.append("\(outside) of \(total) labels lie outside the signal and are left out") }
    let phase = (hypnogram.startSeconds - grid.startSeconds) / grid.windowSeconds
    let offset = abs(phase - phase.rounded()) * grid.windowSeconds
    if abs(hypnogram.windowSeconds - grid.windowSeconds) > 1e-6 {
      warnings.append(
        "stages every \(short(hypnogram.windowSeconds)) s are brought to windows of \(short(grid.windowSeconds)) s: each takes the stage of most of it"
      )
    } else if offset > 1 {
      warnings.append(
        "the scored windows lie \(short((offset * 10).rounded() / 10)) s beside the windows of the signal: each takes the stage of most of it"
      )
    }
    if let minutes = trimWakeMinutes {
      let wake = Stage.wake.rawValue
      let sleep = labels.indices.filter { index in
        labels[index] > wake
          || around == .notWake && labels[index] < wake
            && hypnogram.covers(grid.startSeconds + (Double(index) + 0.5) * grid.windowSeconds)
      }
      if let first = sleep.first, let last = sleep.last {
        let margin = Int((minutes * 60 / grid.windowSeconds).rounded())
        var left = 0
        for index in labels.indices
        where labels[index] == wake && (index < first - margin || index > last + margin) {
          labels[index] = -1
          left += 1
        }
        if left > 0 {
          warnings.append(
            "\(left) windows of wake more than \(short(minutes)) min from \(around == .sleep ? "sleep" : "what is not scored as wake") are not trained or scored on"
          )
        }
      }
    }
    (self.labels, self.warnings) = (labels, warnings)
  }
}

extension Hypnogram {
  /// Whether the scoring has something for a time, unscored or not.
  fileprivate func covers(_ seconds: Double) -> Bool {
    seconds >= startSeconds && seconds < startSeconds + Double(stages.count) * windowSeconds
  }

  /// The stage of most of a stretch, `nil` where that is unscored; of two that are as long, the one at its middle.
  func stage(from start: Double, seconds: Double) -> Stage? {
    let (first, last) = ((start - startSeconds) / windowSeconds, (start + seconds - startSeconds) / windowSeconds)
    var shares: [Stage?: Double] = [:]
    for index in Int(first.rounded(.down))...Int(last.rounded(.down)) {
      let share = min(last, Double(index + 1)) - max(first, Double(index))
      guard share > 1e-9 else { continue }
      shares[stages.indices.contains(index) ? stages[index] : nil, default: 0] += share
    }
    let most = shares.values.max() ?? 0
    let middle = Int(((first + last) / 2).rounded(.down))
    let atMiddle = stages.indices.contains(middle) ? stages[middle] : nil
    if shares[atMiddle, default: 0] > most - 1e-6 { return atMiddle }
    // Of several that are not at the middle the one that comes first in the order of stages, so that the answer is always one.
    return shares.filter { $0.value > most - 1e-6 }.keys.min { ($0?.rawValue ?? -1) < ($1?.rawValue ?? -1) } ?? nil
  }
}
