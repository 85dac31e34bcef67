import Foundation
import SleepCore

/// A scoring program's list of events, or of stages, with a time of day or a date and time each.
///
/// So do RemLogic, Somnologica, Noxturnal, Alice and Polysmith write. Stages stand among events of every kind. What the file's own start
/// is the first stage says.
struct ExportLabels: LabelFileReader {
  private static let expectation =
    "a row that names a column of times and one of events or stages, such as 'Time [hh:mm:ss]' and 'Event'; "
    + "labels.onset and labels.stage in the card say other names"

  /// Whether a text file is such an export: a heading that a scoring program writes, and a clock's reading below it.
  static func isExport(_ file: TextFile) -> Bool {
    guard let heading = ExportHeading(file, rules: LabelRules(), isLabels: false) else { return false }
    for line in TextLines(file).prefix(heading.line + 50) where line.number > heading.line {
      let fields = DelimitedRows.fields(decodedText(line.bytes), heading.separator)
      if !isUnits(fields) { return time(in: fields, heading) != nil }
    }
    return false
  }

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    guard let heading = ExportHeading(file, rules: rules, isLabels: true) else {
      throw ReadError(url, found: "no such row in its first lines", expected: Self.expectation)
    }
    var labels = LabelFile(url: url)
    labels.mayHoldOthers = heading.holdsEvents
    labels.isEventList = heading.holdsEvents
    var events: [ClockedEvent] = []
    var moved = 0
    for line in TextLines(file) where line.number > heading.line {
      let fields = DelimitedRows.fields(decodedText(line.bytes), heading.separator)
      guard !Self.isUnits(fields) else { continue }
      let (event, shift) = try Self.event(fields, heading, line.number, url)
      events.append(event)
      if shift != 0 { moved += 1 }
    }
    if moved > 0 {
      labels.warnings.append(
        "\(labels.name): \(moved) \(moved == 1 ? "row has" : "rows have") the time in another column than the heading says: "
          + "\(moved == 1 ? "its" : "their") columns are read as moved with it")
    }
    try labels.take(events, rules: rules, signal: signal)
    return labels
  }

  /// Whether a row is empty, or holds the units of the columns.
  private static func isUnits(_ fields: [String]) -> Bool {
    fields.allSatisfy { $0.isEmpty || $0.hasPrefix("[") && $0.hasSuffix("]") }
  }

  /// Where the time stands, and how far from the heading's column: a blank column more or less moves the others too.
  private static func time(in fields: [String], _ heading: ExportHeading) -> (reading: ClockReading, shift: Int)? {
    for shift in [0, 1, -1, 2, -2] {
      if let text = fields.at(heading.time + shift), let reading = ClockReading(text) { return (reading, shift) }
    }
    return nil
  }

  private static func event(
    _ fields: [String], _ heading: ExportHeading, _ line: Int, _ url: URL
  ) throws -> (ClockedEvent, shift: Int) {
    let column = quotedName(heading.names[heading.time])
    guard let (reading, shift) = time(in: fields, heading) else {
      throw ReadError(
        url, line: line, found: "'\(printable((fields.at(heading.time) ?? "").utf8))' in the column \(column)",
        expected: "a time such as '22:30:00', or a date and time")
    }
    // What stands before the time is where the heading says.
    func cell(_ index: Int) -> String? { fields.at(index > heading.time ? index + shift : index) }
    guard let word = cell(heading.word) else {
      throw ReadError(
        url, line: line, found: fields.count == 1 ? "1 column" : "\(fields.count) columns",
        expected: "the column \(quotedName(heading.names[heading.word]))")
    }
    return (
      ClockedEvent(
        onset: reading, text: fields[heading.time + shift],
        end: heading.end.flatMap(cell).flatMap(ClockReading.init),
        seconds: try heading.duration.flatMap(cell).flatMap { try duration($0, line, url) }, word: word),
      shift
    )
  }

  /// Seconds, also with a decimal comma, or `00:00:30`; `nil` where the row gives none.
  private static func duration(_ text: String, _ line: Int, _ url: URL) throws -> Double? {
    guard !text.isEmpty else { return nil }
    if let seconds = StageVocabulary.number(text.replacingOccurrences(of: ",", with: ".")), seconds >= 0 {
      return seconds
    }
    if let clock = ClockReading(text), clock.day == .none { return clock.secondOfDay }
    throw ReadError(
      url, line: line, found: "the duration '\(printable(text.utf8))'", expected: "a number of seconds, or '00:00:30'")
  }
}
