import Foundation

/// Annotations of WFDB whose texts are stages or begin with one: one a window, as in slpdb, or one wherever the stage changes, as in the
/// [challenge of 2018](https://physionet.org/content/challenge-2018/1.0.0/).
struct WFDBLabels: LabelFileReader {
  /// The share of marks that follow each other by a window, where each window has one.
  private static let leastShare = 0.9

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let found = try WFDBAnnotations(url)
    guard let rate = found.ticksPerSecond ?? signal?.sampleRateHz else {
      throw ReadError(
        url, found: "annotations without a clock", expected: "those of a signal whose sampling rate is known")
    }
    var labels = LabelFile(url: url)
    labels.mayHoldOthers = true
    labels.windowSeconds = rules.rowSeconds
    let vocabulary = StageVocabulary(rules.vocabulary, numbers: labels.numbers)
    var events: [String] = []
    var words: [(seconds: Double, word: String)] = []
    for entry in found.entries {
      guard let first = entry.text.split(whereSeparator: \.isWhitespace).first else { continue }
      // `(resp_hypopnea` and `resp_hypopnea)` are an event's beginning and end, `(N` is a rhythm of the heart.
      if entry.text.hasPrefix("(") || entry.text.hasSuffix(")"), !vocabulary.isOwn(entry.text) {
        events.append(entry.text)
      } else {
        let isWhole = vocabulary.meaning(of: entry.text) != nil
        words.append((Double(entry.sample) / rate, isWhole ? entry.text : String(first)))
      }
    }
    let marks = words.filter { vocabulary.meaning(of: $0.word) != nil }.map(\.seconds).sorted()
    let steps = zip(marks, marks.dropFirst()).map { $1 - $0 }
    let windows = steps.count { abs($0 - rules.rowSeconds) <= 0.05 * rules.rowSeconds }
    let areChanges = !steps.isEmpty && Double(windows) < Self.leastShare * Double(steps.count)
    labels.entries = words.map { seconds, word in
      let next = areChanges ? marks.first(after: seconds) : nil
      return LabelFile.Entry(
        onsetSeconds: seconds, durationSeconds: next.map { $0 - seconds } ?? rules.rowSeconds, word: word)
    }
    if areChanges {
      labels.warnings.append(
        "\(labels.name): its stages do not follow each other by \(plain(rules.rowSeconds)) s: each lasts until the next, the last one "
          + "\(plain(rules.rowSeconds)) s")
    }
    if let event = events.first {
      labels.warnings.append(
        "\(labels.name): \(events.count) \(events.count == 1 ? "mark" : "marks") of events such as '\(printable(event.utf8))' "
          + "\(events.count == 1 ? "is" : "are") passed over")
    }
    return labels
  }
}

extension [Double] {
  /// The first of ascending values above one.
  fileprivate func first(after value: Double) -> Double? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low < count ? self[low] : nil
  }
}
