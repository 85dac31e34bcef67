import Foundation
import SleepCore

/// A table of stages: a column of them, and where there are such, columns of onsets and durations.
///
/// Columns are found by the card's names or numbers, else by the usual names. A table without names holds the stage, an onset and the
/// stage, or an onset, a duration or an end, and the stage. Without onsets a row is a window, and an empty line an unscored one.
struct DelimitedLabels: LabelFileReader {
  /// `nil` tells it by the first line.
  var separator: Character?
  var mayHoldOthers: Bool

  /// Whether a text file without a telling name is a table, and not one stage a line.
  static func isTable(_ url: URL) throws -> Bool {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    if DelimitedRows.separator(of: file) != nil { return true }
    let rows = DelimitedRows(file, separator: nil).rows
    return rows.allSatisfy { (2...3).contains($0.fields.count) && StageVocabulary.number($0.fields[0]) != nil }
  }

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    let rows = DelimitedRows(file, separator: separator ?? DelimitedRows.separator(of: file)).rows
    return try labels(rows, url, rules: rules, signal: signal)
  }

  /// What the rows of a table say, wherever they stand.
  func labels(
    _ rows: [DelimitedRows.Row], _ url: URL, rules: LabelRules, signal: SignalClock?
  ) throws -> LabelFile {
    let columns = try LabelColumns(rows, rules: rules, url: url)
    var labels = LabelFile(url: url)
    labels.mayHoldOthers = mayHoldOthers || columns.holdsEvents
    labels.windowSeconds = columns.onset == nil ? rules.rowSeconds : nil
    var times = OnsetTimes(url, rules: rules, signal: signal)
    guard columns.onset != nil || rules.start != .clock else {
      throw ReadError(
        url, found: "no column of onsets", expected: "one of times, as 'labels: {start: clock}' in the card says")
    }
    let body = rows.dropFirst(columns.isNamed ? 1 : 0)
    let firstLine = columns.isNamed ? rows[0].line + 1 : rows[0].line
    let filter = LabelFilter(rules, StageVocabulary(rules.vocabulary, numbers: labels.numbers))
    if let warning = columns.warning { labels.warnings.append("\(labels.name): \(warning)") }
    for row in body {
      guard let word = row.fields.at(columns.stage) else {
        throw ReadError(
          url, line: row.line, found: row.fields.count == 1 ? "1 column" : "\(row.fields.count) columns",
          expected: "a stage in column \(columns.stage + 1)")
      }
      guard let onsetColumn = columns.onset else {
        labels.entries.append(
          LabelFile.Entry(
            onsetSeconds: Double(row.line - firstLine) * rules.rowSeconds,
            durationSeconds: try duration(row, columns, url) ?? rules.rowSeconds, word: word))
        continue
      }
      let time = row.fields.at(onsetColumn) ?? ""
      // What is no label may do without a time.
      guard filter.isLabel(word) || OnsetTimes.isTime(time) else { continue }
      let onset = try times.seconds(time, line: row.line)
      var length = try duration(row, columns, url)
      if let text = columns.end.flatMap({ row.fields.at($0) }), !Self.isAbsent(text) {
        var later = times
        length = try later.seconds(text, line: row.line) - onset
        guard length ?? 0 >= 0 else {
          throw ReadError(
            url, line: row.line, found: "the end '\(printable(text.utf8))' before the onset", expected: "one after it")
        }
      }
      labels.entries.append(LabelFile.Entry(onsetSeconds: onset, durationSeconds: length, word: word))
    }
    if columns.onset == nil, let last = body.last {
      labels.tellBlank(last.line - firstLine + 1 - body.count)
    }
    return labels
  }

  private static func isAbsent(_ text: String) -> Bool { ["", "n/a", "nan"].contains(text.lowercased()) }

  /// `nil` where the row gives none.
  private func duration(_ row: DelimitedRows.Row, _ columns: LabelColumns, _ url: URL) throws -> Double? {
    guard let text = columns.duration.flatMap({ row.fields.at($0) }), !Self.isAbsent(text) else { return nil }
    guard let seconds = StageVocabulary.number(text), seconds >= 0 else {
      throw ReadError(
        url, line: row.line, found: "the duration '\(printable(text.utf8))'", expected: "a number of seconds")
    }
    return seconds
  }
}
