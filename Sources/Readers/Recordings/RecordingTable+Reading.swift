import Files
public import Foundation
import SleepCore

extension RecordingTable {
  /// Reads a table, strictly: each error says the line.
  ///
  /// - Throws: ``ReadError`` for what is no table, a column that is missing or misspelt, a recording that is there twice or cannot name
  ///   a folder, a line without a subject or a file, a file that stands twice, and a time that is none.
  public init(contentsOf url: URL) throws {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    let rows = try DelimitedText(file, separator: Self.separator(of: url) ?? ",").rows.map {
      DelimitedText.Row(line: $0.line, fields: $0.fields.map(CSV.original))
    }
    guard let header = rows.first else { throw ReadError(url, found: "no line", expected: "a line of column names") }
    let reading = Reading(url: url, header: header)
    let (places, otherColumns) = try reading.places()
    let read = try rows.dropFirst().map { try reading.row($0, places, otherColumns) }
    guard !read.isEmpty else {
      throw ReadError(url, found: "no line below the column names", expected: "a line a recording")
    }
    self.init(
      rows: read, otherColumns: otherColumns.map { header.fields[$0] },
      origin: Origin(url: url, lines: rows.dropFirst().map(\.line)))
    try expectDistinct(url)
  }

  /// - Throws: ``ReadError`` for a recording or a file that stands in two lines.
  private func expectDistinct(_ url: URL) throws {
    var lines: [String: [String: Int]] = [:]
    for (row, line) in zip(rows, origin?.lines ?? []) {
      func expectNew(_ kind: String, _ name: String, _ key: String, _ expected: String) throws {
        if let first = lines[kind]?[key] {
          let place = first == line ? "twice" : "again, as on line \(first)"
          throw ReadError(url, line: line, found: "the \(kind) \(quotedName(name)) \(place)", expected: expected)
        }
        lines[kind, default: [:]][key] = line
      }
      // Folders of one name but for its case are one folder on some disks.
      try expectNew("recording", row.recording, row.recording.lowercased(), "a name of its own, whatever its case")
      for signal in row.signals {
        try expectNew("file", signal.path, signal.path, "each signal file in one recording alone")
      }
      for path in row.labels { try expectNew("label file", path, path, "each label file in one recording alone") }
    }
  }
}

/// What reading a table needs beside its rows.
private struct Reading {
  let url: URL
  let header: DelimitedText.Row

  /// Where each known column is, and which columns are others.
  func places() throws -> (known: [String: Int], others: [Int]) {
    let names = header.fields.map { $0.trimmed(\.isWhitespace) }.map(String.init)
    if names.count == 1, names[0].contains(";") || names[0].contains("\t") {
      let found = names[0].contains(";") ? "semicolons" : "tabs"
      throw ReadError(
        url, line: header.line, found: "columns separated by \(found)",
        expected: "commas, or tabs in a file named .tsv; ';' separates the files in one column")
    }
    var known: [String: Int] = [:]
    var others: [Int] = []
    for (index, name) in names.enumerated() {
      if RecordingTable.columns.contains(name) {
        guard known.updateValue(index, forKey: name) == nil else {
          throw ReadError(url, line: header.line, found: "the column '\(name)' twice", expected: "it once")
        }
      } else if let meant = nearest(name, among: RecordingTable.columns) {
        throw ReadError(
          url, line: header.line, found: "the column \(quotedName(name))",
          expected: "'\(meant)', its nearest known name")
      } else {
        others.append(index)
      }
    }
    let missing = RecordingTable.neededColumns.filter { known[$0] == nil }
    guard missing.isEmpty else {
      throw ReadError(
        url, line: header.line,
        found: "no column \(listed(missing.map { "'\($0)'" })) among \(listed(names.map(quotedName)))",
        expected: "\(RecordingTable.neededColumns.joined(separator: ","))")
    }
    return (known, others)
  }

  func row(_ row: DelimitedText.Row, _ places: [String: Int], _ others: [Int]) throws -> RecordingTable.Row {
    guard row.fields.count == header.fields.count else {
      throw ReadError(
        url, line: row.line, found: row.fields.count == 1 ? "1 field" : "\(row.fields.count) fields",
        expected:
          "\(header.fields.count), as there are columns; a field with the separator in it stands in quotation marks")
    }
    func field(_ column: String) -> String {
      places[column].map { String(row.fields[$0].trimmed(\.isWhitespace)) } ?? ""
    }
    func refuse(_ found: String, _ expected: String) -> ReadError {
      ReadError(url, line: row.line, found: found, expected: expected)
    }
    let recording = field("recording")
    if let problem = RecordingTable.problem(ofRecording: recording) {
      throw refuse(problem, "a name that a folder may have, such as S01_night1")
    }
    let signals = try parts(of: field("signals"), row.line).map {
      RecordingTable.SignalFile(role: $0.role, path: $0.path)
    }
    // The column says what it is for; that its role is written too does no harm.
    let labels = try parts(of: field("labels"), row.line).map { role, path in
      role.map { ["labels", "hypnogram"].contains($0) ? path : "\($0)=\(path)" } ?? path
    }
    guard !signals.isEmpty || !labels.isEmpty else {
      throw refuse("no file of '\(recording)'", "a path under 'signals'")
    }
    guard labels.count < 2 else {
      throw refuse(
        "\(labels.count) label files of '\(recording)', \(listed(labels.map(quotedName)))", "the one that is its own")
    }
    let subject = field("subject")
    guard !subject.isEmpty else { throw refuse("no subject of '\(recording)'", "whose recording it is") }
    let startText = field("start")
    let start = startText.isEmpty ? nil : LocalTime(startText)
    guard startText.isEmpty || start != nil else {
      throw refuse("the start \(quotedName(startText))", "a time such as 2026-01-31 22:30:00, or 22:30:00, or nothing")
    }
    let durationText = field("duration_seconds")
    let duration = durationText.isEmpty ? nil : Double(durationText)
    guard durationText.isEmpty || duration.map({ $0 >= 0 && $0.isFinite }) == true else {
      throw refuse("the duration \(quotedName(durationText))", "a number of seconds, or nothing")
    }
    return RecordingTable.Row(
      recording: recording, subject: subject, session: field("session"), signals: signals, labels: labels, start: start,
      durationSeconds: duration, decidedBy: field("decided_by"), others: others.map { row.fields[$0] })
  }

  private func parts(of field: String, _ line: Int) throws -> [(role: String?, path: String)] {
    try field.split(separator: ";").map { $0.trimmed(\.isWhitespace) }.filter { !$0.isEmpty }.map { text in
      let (role, path) = RecordingTable.parts(of: String(text))
      guard let below = path.pathBelowRoot else {
        throw ReadError(
          url, line: line, found: "the path \(quotedName(path))", expected: "one below the folder of the raw files")
      }
      return (role, below)
    }
  }
}

extension RecordingTable {
  /// `role=path`: what stands before the first `=` is a role, unless it holds what no role does.
  static func parts(of text: String) -> (role: String?, path: String) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex,
      text[..<equals].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    else { return (nil, text) }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  /// Why a name cannot be a recording's folder; `nil` where it can.
  static func problem(ofRecording name: String) -> String? {
    if name.isEmpty { return "no recording" }
    if name.hasPrefix(".") { return "the recording \(quotedName(name)), which begins with a point" }
    if name.utf8.count > 200 { return "a recording's name of \(name.utf8.count) bytes" }
    let bad = name.unicodeScalars.first { $0 == "/" || $0 == "\\" || $0.properties.generalCategory == .control }
    return bad == nil
      ? nil : "the recording \(quotedName(name)), with \(quotedName(String(bad.map(Character.init) ?? " "))) in it"
  }
}
