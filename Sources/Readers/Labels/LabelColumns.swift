import Foundation
import SleepCore

/// Which columns of a table of stages hold what.
struct LabelColumns {
  private(set) var onset: Int?
  private(set) var duration: Int?
  private(set) var end: Int?
  private(set) var stage = 0
  /// Whether the first row names the columns.
  let isNamed: Bool
  /// Whether the column of stages is one of events by its name, and has times beside it.
  private(set) var holdsEvents = false
  /// How columns without names were read, where that can be read in two ways.
  private(set) var warning: String?

  private static let onsets = [
    "onset", "onsetseconds", "onsets", "onsetsec", "start", "startseconds", "starts", "startsec", "starttime", "time",
    "times", "seconds", "begin", "from", "epochstarts", "t",
  ]
  private static let durations = [
    "duration", "durationseconds", "durations", "durationsec", "dur", "durs", "dursec", "length",
  ]
  private static let ends = [
    "end", "endseconds", "ends", "endsec", "endtime", "stop", "stopseconds", "stops", "stoptime", "to",
  ]
  /// Names that mean nothing but stages.
  private static let plainStages = ["stage", "sleepstage", "stages", "sleepstages", "hypnogram", "staging"]
  /// Names of columns that may hold events of every kind.
  private static let events = ["trialtype", "annotation", "description", "event"]
  private static let stages = plainStages + ["trialtype", "label", "labels", "score"] + events.dropFirst()

  init(_ rows: [DelimitedRows.Row], rules: LabelRules, url: URL) throws {
    guard let first = rows.first else { throw ReadError(url, found: "no rows", expected: "a table of stages") }
    let names = first.fields.map(\.lettersAndDigits)
    func named(_ wanted: [String]) -> Int? { wanted.lazy.compactMap { names.firstIndex(of: $0) }.first }
    let rulesOfColumns = [rules.onset, rules.duration, rules.stage].compactMap(\.self)
    let own = rulesOfColumns.filter { Int($0) == nil }
    isNamed =
      named(Self.stages) != nil || own.contains { names.contains($0.lettersAndDigits) }
      || rulesOfColumns.contains { Int($0) != nil }
        && Self.isHeading(rows, times: [rules.onset, rules.duration].compactMap { $0.flatMap(Int.init) })
    func column(_ rule: String?, _ key: String, _ usual: [String]) throws -> Int? {
      guard let rule else { return isNamed ? named(usual) : nil }
      if isNamed, let index = names.firstIndex(of: rule.lettersAndDigits) { return index }
      if let number = Int(rule), names.indices.contains(number &- 1) { return number - 1 }
      throw ReadError(
        url, line: first.line, found: Self.columns(of: first),
        expected: "a column '\(rule)', as labels.\(key) in the card says")
    }
    onset = try column(rules.onset, "onset", Self.onsets)
    duration = try column(rules.duration, "duration", Self.durations)
    end = duration == nil && onset != nil && isNamed ? named(Self.ends) : nil
    if let index = try column(rules.stage, "stage", Self.stages) {
      stage = index
      holdsEvents = isNamed && onset != nil && Self.events.contains(names[index])
      let several = names.indices.filter { Self.plainStages.contains(names[$0]) }
      guard rules.stage != nil || several.count < 2 else {
        throw ReadError(
          url, line: first.line,
          found: "\(several.count) columns of stages, \(listed(several.map { quotedName(first.fields[$0]) }))",
          expected: "the one to read, as labels.stage in the card")
      }
    } else {
      let isTimed = OnsetTimes.isTime(first.fields[0])
      switch (names.count, isNamed) {
      case (1, false): stage = 0
      case (2, false) where isTimed: (onset, stage) = (onset ?? 0, 1)
      case (3, false) where isTimed && StageVocabulary.number(first.fields[1]) != nil:
        stage = 2
        if onset == nil, duration == nil, Self.isEnd(rows) {
          end = 1
          warning = "its columns have no names: they are read as onset, end and stage"
        } else {
          duration = duration ?? 1
        }
        onset = onset ?? 0
      default:
        throw ReadError(
          url, line: first.line, found: Self.columns(of: first),
          expected: "a column 'stage', or the name or number of the one that holds it as labels.stage in the card")
      }
      if rules.onset == nil, onset != nil { try Self.checkOnsets(rows, url) }
    }
    if onset == nil { try checkOthers(rows, url) }
  }

  /// Whether a column's first row holds no time where its second does.
  ///
  /// - Parameter times: The columns, from 1, that hold times; of others a number may be a stage as a word is.
  private static func isHeading(_ rows: [DelimitedRows.Row], times: [Int]) -> Bool {
    guard rows.count > 1 else { return false }
    return zip(rows[0].fields, rows[1].fields).enumerated().contains { index, texts in
      !texts.0.isEmpty && !OnsetTimes.isTime(texts.0) && OnsetTimes.isTime(texts.1)
        && (times.contains(index + 1) || StageVocabulary(nil, numbers: .unsaid).meaning(of: texts.0) == nil)
    }
  }

  /// Whether the second column holds when a stage ends, and not how long it lasts: by which stages overlap less, then by what fits the
  /// next row's onset.
  private static func isEnd(_ rows: [DelimitedRows.Row]) -> Bool {
    let times = rows.map { row in row.fields.prefix(2).compactMap { StageVocabulary.number($0) } }
    let pairs = zip(times, times.dropFirst()).filter { $0.count == 2 && $1.count == 2 }
    func overlaps(_ end: ([Double]) -> Double) -> Int { pairs.count { end($0) > $1[0] + 0.05 || end($0) < $0[0] } }
    func fits(_ end: ([Double]) -> Double) -> Int { pairs.count { abs(end($0) - $1[0]) < 0.05 } }
    let (asEnds, asLengths) = (overlaps { $0[1] }, overlaps { $0[0] + $0[1] })
    return asEnds == asLengths ? fits { $0[1] } > fits { $0[0] + $0[1] } : asEnds < asLengths
  }

  /// - Throws: ``ReadError`` where the first of two or three columns without names may be no onsets.
  private static func checkOnsets(_ rows: [DelimitedRows.Row], _ url: URL) throws {
    let onsets = rows.compactMap { row in row.fields.first.flatMap { StageVocabulary.number($0) } }
    guard onsets.count == rows.count, onsets.count > 2 else { return }
    let steps = zip(onsets, onsets.dropFirst()).map { $1 - $0 }
    let fix = "a first line that names the columns, such as 'onset,stage' in seconds or 'epoch,stage'"
    if let back = steps.firstIndex(where: { $0 < 0 }) {
      throw ReadError(
        url, line: rows[back + 1].line,
        found: "\(plain(onsets[back + 1])) after \(plain(onsets[back])) in a column without a name",
        expected: "onsets in order, or \(fix)")
    }
    if rows[0].fields.count == 2, steps.allSatisfy({ $0 == 1 }) {
      throw ReadError(
        url, line: rows[0].line,
        found:
          "a first column without a name that counts \(onsets.prefix(3).map { plain($0) }.joined(separator: ", "))",
        expected: fix)
    }
  }

  /// - Throws: ``ReadError`` where a table of one row a window has a column that says when, and not every so many seconds.
  private func checkOthers(_ rows: [DelimitedRows.Row], _ url: URL) throws {
    let body = rows.dropFirst(isNamed ? 1 : 0)
    guard body.count > 2, let width = body.map(\.fields.count).min(), let first = body.first else { return }
    for column in 0..<width where column != stage {
      let name = isNamed ? rows[0].fields.at(column) ?? "\(column + 1)" : "\(column + 1)"
      let texts = body.map { $0.fields[column] }
      if texts.allSatisfy({ StageVocabulary.number($0) == nil && LocalTime($0) != nil }) {
        throw ReadError(
          url, line: first.line, found: "times of day in column '\(name)', and no column of onsets",
          expected: "'labels: {onset: \(name), start: clock}' in the card")
      }
      let numbers = texts.compactMap { StageVocabulary.number($0) }
      let steps = zip(numbers, numbers.dropFirst()).map { $1 - $0 }
      guard numbers.count == texts.count, steps.allSatisfy({ $0 > 0 }), let usual = steps.first else { continue }
      guard let jump = steps.firstIndex(where: { abs($0 - usual) > 0.01 * usual }) else { continue }
      throw ReadError(
        url, line: body[body.startIndex + jump + 1].line,
        found: "\(plain(numbers[jump + 1])) after \(plain(numbers[jump])) in column '\(name)', and no column of onsets",
        expected: "a row for every window, or, where it is seconds, 'labels: {onset: \(name)}' in the card")
    }
  }

  private static func columns(of row: DelimitedRows.Row) -> String {
    "the columns \(row.fields.prefix(12).map { "'\(printable($0.utf8))'" }.joined(separator: ", "))"
  }
}

extension Array {
  /// The element where there is one.
  func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
