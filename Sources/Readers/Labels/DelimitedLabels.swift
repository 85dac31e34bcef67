import Foundation
import SleepCore

/// A table of stages: a column of them, and where there are such, columns of onsets and durations.
///
/// Columns are found by the card's names or numbers, else by the usual names. A table without names holds the stage, an onset and the
/// stage, or an onset, a duration and the stage. Without onsets a row is a window.
struct DelimitedLabels: LabelFileReader {
  /// `nil` tells it by the first line.
  var separator: Character?
  var mayHoldOthers: Bool

  /// Whether a text file without a telling name is a table, and not one stage a line.
  static func isTable(_ url: URL) throws -> Bool {
    let file = try TextFile(url)
    if DelimitedRows.separator(of: file) != nil { return true }
    let rows = DelimitedRows(file, separator: nil).rows
    return rows.allSatisfy { (2...3).contains($0.fields.count) && StageVocabulary.number($0.fields[0]) != nil }
  }

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let file = try TextFile(url)
    let rows = DelimitedRows(file, separator: separator ?? DelimitedRows.separator(of: file)).rows
    let columns = try LabelColumns(rows, rules: rules, url: url)
    var labels = LabelFile(url: url)
    labels.mayHoldOthers = mayHoldOthers
    labels.windowSeconds = columns.onset == nil ? rules.rowSeconds : nil
    var times = OnsetTimes(url, rules: rules, signal: signal)
    guard columns.onset != nil || rules.start != .clock else {
      throw ReadError(
        url, found: "no column of onsets", expected: "one of times, as 'labels: {start: clock}' in the card says")
    }
    for (index, row) in rows.dropFirst(columns.isNamed ? 1 : 0).enumerated() {
      guard let word = row.fields.at(columns.stage) else {
        throw ReadError(
          url, line: row.line, found: row.fields.count == 1 ? "1 column" : "\(row.fields.count) columns",
          expected: "a stage in column \(columns.stage + 1)")
      }
      let onset = try columns.onset.map { try times.seconds(row.fields.at($0) ?? "", line: row.line) }
      labels.entries.append(
        LabelFile.Entry(
          onsetSeconds: onset ?? Double(index) * rules.rowSeconds,
          durationSeconds: try duration(row, columns, url) ?? (onset == nil ? rules.rowSeconds : nil), word: word))
    }
    return labels
  }

  /// `nil` where the row gives none.
  private func duration(_ row: DelimitedRows.Row, _ columns: LabelColumns, _ url: URL) throws -> Double? {
    guard let text = columns.duration.flatMap({ row.fields.at($0) }), !["", "n/a", "nan"].contains(text.lowercased())
    else { return nil }
    guard let seconds = StageVocabulary.number(text), seconds >= 0 else {
      throw ReadError(
        url, line: row.line, found: "the duration '\(printable(text.utf8))'", expected: "a number of seconds")
    }
    return seconds
  }
}

/// Which columns of a table hold what.
private struct LabelColumns {
  var onset: Int?
  var duration: Int?
  var stage = 0
  /// Whether the first row names the columns.
  let isNamed: Bool

  private static let onsets = [
    "onset", "onsetseconds", "onsets", "onsetsec", "start", "startseconds", "starts", "startsec", "starttime", "time",
    "times", "seconds", "begin", "epochstarts", "t",
  ]
  private static let durations = ["duration", "durationseconds", "durations", "durationsec", "dur", "length"]
  private static let stages = [
    "stage", "sleepstage", "stages", "sleepstages", "trialtype", "label", "labels", "hypnogram", "staging", "score",
    "annotation", "description", "event",
  ]

  init(_ rows: [DelimitedRows.Row], rules: LabelRules, url: URL) throws {
    guard let first = rows.first else { throw ReadError(url, found: "no rows", expected: "a table of stages") }
    let names = first.fields.map(\.lettersAndDigits)
    func named(_ wanted: [String]) -> Int? { wanted.lazy.compactMap { names.firstIndex(of: $0) }.first }
    let own = [rules.onset, rules.duration, rules.stage].compactMap(\.self).filter { Int($0) == nil }
    // By numbers too a table may have names: its first row then holds no time where the second does.
    let times = [rules.onset, rules.duration].compactMap { $0.flatMap(Int.init) }.map { $0 - 1 }
    let isHeading = times.contains { column in
      guard rows.count > 1, let name = first.fields.at(column), let time = rows[1].fields.at(column) else {
        return false
      }
      return !OnsetTimes.isTime(name) && OnsetTimes.isTime(time)
    }
    isNamed = isHeading || named(Self.stages) != nil || own.contains { names.contains($0.lettersAndDigits) }
    func column(_ rule: String?, _ key: String, _ usual: [String]) throws -> Int? {
      guard let rule else { return isNamed ? named(usual) : nil }
      if isNamed, let index = names.firstIndex(of: rule.lettersAndDigits) { return index }
      if let number = Int(rule), names.indices.contains(number - 1) { return number - 1 }
      throw ReadError(
        url, line: first.line, found: Self.listed(first),
        expected: "a column '\(rule)', as labels.\(key) in the card says")
    }
    onset = try column(rules.onset, "onset", Self.onsets)
    duration = try column(rules.duration, "duration", Self.durations)
    if let index = try column(rules.stage, "stage", Self.stages) {
      stage = index
    } else {
      let isTimed = OnsetTimes.isTime(first.fields[0])
      switch (names.count, isNamed) {
      case (1, false): stage = 0
      case (2, false) where isTimed: (onset, stage) = (onset ?? 0, 1)
      case (3, false) where isTimed && StageVocabulary.number(first.fields[1]) != nil:
        (onset, duration, stage) = (onset ?? 0, duration ?? 1, 2)
      default:
        throw ReadError(
          url, line: first.line, found: Self.listed(first),
          expected: "a column 'stage', or the name or number of the one that holds it as labels.stage in the card")
      }
    }
  }

  private static func listed(_ row: DelimitedRows.Row) -> String {
    "the columns \(row.fields.prefix(12).map { "'\(printable($0.utf8))'" }.joined(separator: ", "))"
  }
}

/// Turns the onsets of a table into seconds.
private struct OnsetTimes {
  let url: URL
  let isClock: Bool
  let signal: SignalClock?
  private var last: Double?
  private static let day = 86_400.0

  init(_ url: URL, rules: LabelRules, signal: SignalClock?) {
    self.url = url
    isClock = rules.start == .clock
    self.signal = signal
  }

  static func isTime(_ text: String) -> Bool { StageVocabulary.number(text) != nil || LocalTime(text) != nil }

  mutating func seconds(_ text: String, line: Int) throws -> Double {
    guard isClock else {
      if let seconds = StageVocabulary.number(text) { return seconds }
      throw ReadError(
        url, line: line, found: "the onset '\(printable(text.utf8))'",
        expected: LocalTime(text) == nil
          ? "a number of seconds"
          : "a number of seconds; where onsets are times of day, 'labels: {start: clock}' in the card")
    }
    guard let time = LocalTime(text) else {
      throw ReadError(
        url, line: line, found: "the onset '\(printable(text.utf8))'",
        expected: "a date and time such as '2026-01-31 22:30:00', or a time of day")
    }
    guard let signal, let start = signal.start else {
      throw ReadError(
        url, line: line, found: "the onset '\(printable(text.utf8))' and no start of \(signal?.name ?? "a signal")",
        expected: "a signal whose start is known, by its header or a table of recordings")
    }
    var seconds = time.seconds(since: start)
    if time.day == nil || start.day == nil {
      if let last {
        while seconds < last - Self.day / 2 { seconds += Self.day }
      } else if seconds >= signal.seconds, seconds - Self.day > -Self.day / 2 {
        // Scoring that begins before the signal does.
        seconds -= Self.day
      }
    }
    last = seconds
    return seconds
  }
}

extension Array {
  /// The element where there is one.
  fileprivate func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
