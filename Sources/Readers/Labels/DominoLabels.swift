import Foundation
import SleepCore

/// The sleep profile of Somnomedics' Domino: lines of a name and what it says, then a time and a stage a line, `22:30:00,000; N2`.
struct DominoLabels: LabelFileReader {
  private static let expectation = "a time and a stage, '22:30:00,000; N2', as a sleep profile has them"
  /// More lines than the program puts above the stages.
  private static let mostLines = 20

  static func isProfile(_ file: TextFile) -> Bool {
    TextLines(file).prefix(Self.mostLines).contains {
      decodedText($0.bytes).lowercased().hasPrefix("signal id:")
    }
  }

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    let vocabulary = StageVocabulary(rules.vocabulary, numbers: .unsaid)
    var labels = LabelFile(url: url)
    var events: [ClockedEvent] = []
    for line in TextLines(file) {
      let text = decodedText(line.bytes)
      let fields = DelimitedRows.fields(text, ";")
      if fields.count > 1, let reading = ClockReading(fields[0]) {
        guard StageVocabulary.number(fields[1]) == nil || vocabulary.isOwn(fields[1]) else {
          throw ReadError(
            url, line: line.number, found: "the number \(fields[1]) as a stage",
            expected: "a word such as 'N2', or what numbers are, as labels.vocabulary in the card")
        }
        // An artefact.
        let word = fields[1] == "A" && !vocabulary.isOwn("A") ? "?" : fields[1]
        events.append(
          ClockedEvent(onset: reading, text: fields[0], end: nil, seconds: labels.windowSeconds, word: word))
        continue
      }
      guard events.isEmpty, let colon = text.firstIndex(of: ":"), fields.count == 1 else {
        throw ReadError(url, line: line.number, found: "'\(printable(line.bytes))'", expected: Self.expectation)
      }
      guard text[..<colon].lowercased() == "rate" else { continue }
      labels.windowSeconds = try Self.rate(text[text.index(after: colon)...], line.number, url)
    }
    try labels.take(events, rules: rules, signal: signal)
    return labels
  }

  /// `30 s`.
  private static func rate(_ text: Substring, _ line: Int, _ url: URL) throws -> Double {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let seconds = words.first.flatMap({ StageVocabulary.number(String($0)) }), words.count < 3,
      words.count == 1 || words[1].lowercased() == "s", LabelRules.windowRange.contains(seconds)
    else {
      throw ReadError(
        url, line: line, found: "the rate '\(printable(String(text).trimmingBlanks.utf8))'",
        expected: "the length of a window, from 0.1 to 3600 s, such as '30 s'")
    }
    return seconds
  }
}
