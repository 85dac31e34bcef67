import Foundation
import SleepCore

/// One stage a line, after a heading where there is one. An empty line between others is an unscored window.
///
/// A heading is a word for stages, or U-Sleep's `EPOCH=30.0 SEC` and `START=0`. Below `[HypnogramAASM]` or `[HypnogramR&K]` DREAMS counts
/// from wake down, against what such numbers are elsewhere: it is read with a vocabulary alone.
struct LineLabels: LabelFileReader {
  /// What the first line may say of all others.
  private static let headings: Set = [
    "stage", "stages", "sleepstage", "sleepstages", "sleep", "hypnogram", "hypno", "staging", "label", "labels",
    "scoring",
    "score", "epoch",
  ]

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    var labels = LabelFile(url: url)
    let all = TextLines(try TextFile(url, atMost: RawFile.mostBytesBesideSignals)).map { line in
      (number: line.number, word: String(decodedText(line.bytes).trimmingBlanks))
    }
    var before = 1
    var window = rules.rowSeconds
    var start = 0.0
    let vocabulary = StageVocabulary(rules.vocabulary, numbers: .unsaid)
    var lines = all[...]
    while let first = lines.first, let heading = try Self.heading(first.word, vocabulary, first.number, url) {
      switch heading {
      case .words:
        labels.warnings.append("\(labels.name): its first line, '\(printable(first.word.utf8))', is a heading")
      case .window(let seconds): window = rules.windowSeconds ?? seconds
      case .start(let seconds): start = seconds
      }
      before = first.number + 1
      lines.removeFirst()
      if case .words = heading { break }
    }
    labels.entries = lines.map { line in
      LabelFile.Entry(
        onsetSeconds: start + Double(line.number - before) * window, durationSeconds: window, word: line.word)
    }
    if let last = lines.last { labels.tellBlank(last.number - before + 1 - lines.count) }
    labels.windowSeconds = window
    return labels
  }

  private enum Heading {
    case words
    case window(Double)
    case start(Double)
  }

  /// What a line above the stages says; `nil` for a stage.
  private static func heading(
    _ text: String, _ vocabulary: StageVocabulary, _ line: Int, _ url: URL
  ) throws -> Heading? {
    guard vocabulary.meaningByItself(of: text) == nil else { return nil }
    let plain = text.lettersAndDigits
    if headings.contains(plain) { return .words }
    if plain.hasPrefix("hypnogram"), text.hasPrefix("[") {
      guard vocabulary.isOwn("5") else {
        throw ReadError(
          url, line: line, found: "the heading '\(printable(text.utf8))', below which numbers count from wake down",
          expected:
            "what they are, as the card says it: 'labels: {window_seconds: 5, vocabulary: {5: W, 4: REM, 3: N1, 2: N2, 1: N3, 0: N3}}'"
        )
      }
      return .words
    }
    let parts = text.split(separator: "=").map { String(String($0).trimmingBlanks) }
    guard parts.count == 2, ["epoch", "start"].contains(parts[0].lowercased()) else { return nil }
    let isWindow = parts[0].lowercased() == "epoch"
    let range = isWindow ? LabelRules.windowRange : 0...RecordingLimits.farthestSeconds
    guard let seconds = parts[1].split(separator: " ").first.flatMap({ StageVocabulary.number(String($0)) }),
      range.contains(seconds)
    else {
      throw ReadError(
        url, line: line, found: "'\(printable(text.utf8))'",
        expected: isWindow ? "a window from 0.1 to 3600 s" : "a number of seconds")
    }
    return isWindow ? .window(seconds) : .start(seconds)
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
