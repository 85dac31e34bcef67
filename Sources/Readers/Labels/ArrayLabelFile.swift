import Foundation

/// A `.npy` array of one stage a window.
struct ArrayLabelFile: LabelFileReader {
  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let words = try ArrayLabels.words(try ArrayFile(url))
    var labels = LabelFile(url: url)
    labels.numbers = .fiveStages
    labels.windowSeconds = rules.rowSeconds
    labels.entries = words.enumerated().map { index, word in
      LabelFile.Entry(
        onsetSeconds: Double(index) * rules.rowSeconds, durationSeconds: rules.rowSeconds, word: word)
    }
    return labels
  }
}
