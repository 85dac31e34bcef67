import Foundation

/// Annotations of WFDB whose texts begin with the stage, one a window.
struct WFDBLabels: LabelFileReader {
  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let found = try WFDBAnnotations(url)
    guard let rate = found.ticksPerSecond ?? signal?.sampleRateHz else {
      throw ReadError(
        url, found: "annotations without a clock", expected: "those of a signal whose sampling rate is known")
    }
    var labels = LabelFile(url: url)
    labels.mayHoldOthers = true
    labels.windowSeconds = rules.rowSeconds
    labels.entries = found.entries.compactMap { entry in
      guard let word = entry.text.split(whereSeparator: \.isWhitespace).first else { return nil }
      return LabelFile.Entry(
        onsetSeconds: Double(entry.sample) / rate, durationSeconds: rules.rowSeconds, word: String(word))
    }
    return labels
  }
}
