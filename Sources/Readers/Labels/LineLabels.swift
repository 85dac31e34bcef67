import Foundation

/// One stage a line. An empty line between others is an unscored window.
struct LineLabels: LabelFileReader {
  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    var labels = LabelFile(url: url)
    let window = rules.rowSeconds
    var blank = 0
    for line in TextLines(try TextFile(url)) {
      blank += line.number - 1 - labels.entries.count - blank
      labels.entries.append(
        LabelFile.Entry(
          onsetSeconds: Double(line.number - 1) * window, durationSeconds: window,
          word: String(String(decoding: line.bytes, as: UTF8.self).trimmingBlanks)))
    }
    if blank > 0 {
      labels.warnings.append(
        "\(labels.name): \(blank) empty \(blank == 1 ? "line is an unscored window" : "lines are unscored windows")")
    }
    labels.windowSeconds = window
    return labels
  }
}
