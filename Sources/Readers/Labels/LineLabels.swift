import Foundation

/// One stage a line, after a heading where there is one. An empty line between others is an unscored window.
struct LineLabels: LabelFileReader {
  /// What the first line may say of all others.
  private static let headings: Set = [
    "stage", "stages", "sleepstage", "sleepstages", "sleep", "hypnogram", "hypno", "staging", "label", "labels",
    "scoring",
    "score", "epoch",
  ]

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    var labels = LabelFile(url: url)
    let window = rules.rowSeconds
    var lines = TextLines(try TextFile(url, atMost: RawFile.mostBytesBesideSignals)).map { line in
      (number: line.number, word: String(String(decoding: line.bytes, as: UTF8.self).trimmingBlanks))
    }
    var before = 1
    let vocabulary = StageVocabulary(rules.vocabulary, numbers: .unsaid)
    if let first = lines.first, Self.headings.contains(first.word.lettersAndDigits),
      vocabulary.meaning(of: first.word) == nil
    {
      labels.warnings.append("\(labels.name): its first line, '\(printable(first.word.utf8))', is a heading")
      before = first.number + 1
      lines.removeFirst()
    }
    labels.entries = lines.map { line in
      LabelFile.Entry(
        onsetSeconds: Double(line.number - before) * window, durationSeconds: window, word: line.word)
    }
    if let last = lines.last { labels.tellBlank(last.number - before + 1 - lines.count) }
    labels.windowSeconds = window
    return labels
  }
}

extension LabelFile {
  /// Notes empty lines among those that are a window each.
  mutating func tellBlank(_ count: Int) {
    guard count > 0 else { return }
    warnings.append(
      "\(name): \(count) empty \(count == 1 ? "line is an unscored window" : "lines are unscored windows")")
  }
}
