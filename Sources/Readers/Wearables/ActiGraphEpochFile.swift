import Foundation
import SleepCore

/// Counts an epoch of an ActiGraph device (`.agd`), a database of ActiLife: of each axis, the first being the vertical one, steps and light.
///
/// Its clock is the local time of the computer that set the device up.
struct ActiGraphEpochFile: SignalFile {
  let url: URL
  let channels: [StoredChannel]
  let start: LocalTime?
  let warnings: [String]
  private let rows: EpochRows
  /// `[channels][rows]`.
  private let values: [[Float]]

  private static let kind = "an .agd file of ActiLife"
  /// The columns that are read, their units, and whether they speak of the wearer.
  private static let known = [
    ("axis1", "count", true), ("axis2", "count", true), ("axis3", "count", true), ("steps", "count", true),
    ("lux", "lux", false),
  ]
  private static let epochs = 1.0...3600.0

  /// - Throws: ``ReadError`` when it is no such file, or a damaged one.
  init(_ url: URL) throws {
    let database = try SQLiteFile(RawFile(url, expected: Self.kind))
    let there = try database.columns(of: "data")
    let found = Self.known.filter { there.contains($0.0) }
    guard there.contains("dataTimestamp"), found.contains(where: { $0.0 == "axis1" }),
      try !database.columns(of: "settings").isEmpty
    else {
      throw ReadError(
        url, found: "a database without the tables 'data' (dataTimestamp, axis1) and 'settings'", expected: Self.kind)
    }
    var settings: [String: String] = [:]
    try database.forEachRow("SELECT settingName, settingValue FROM settings") { row in
      if let name = row.text(0), let value = row.text(1), settings[name] == nil { settings[name] = value }
    }
    let said = settings["epochlength"] ?? ""
    guard let epoch = DecimalNumber.parse(Substring(said)), Self.epochs.contains(epoch) else {
      throw ReadError(
        url, found: said.isEmpty ? "no 'epochlength' in its settings" : "the epoch length '\(printable(said.utf8))'",
        expected: "1 to 3600 s")
    }
    var read: [(seconds: Double, values: [Float])] = []
    var undated = 0
    let columns = found.map { "\"\($0.0)\"" }.joined(separator: ", ")
    try database.forEachRow("SELECT dataTimestamp, \(columns) FROM data") { row in
      guard let seconds = row.integer(0).flatMap(ActiGraphInfo.seconds(ticks:)) else {
        undated += 1
        return
      }
      read.append((seconds, found.indices.map { Float(row.number($0 + 1) ?? .nan) }))
    }
    let name = url.lastPathComponent
    var warnings: [String] = []
    if undated > 0 { warnings.append("\(name): \(undated) rows without a time; left out") }
    if zip(read, read.dropFirst()).contains(where: { $0.seconds > $1.seconds }) {
      read.sort { $0.seconds < $1.seconds }
      warnings.append("\(name): its rows are not in order of time; sorted")
    }
    guard let first = read.first else { throw ReadError(url, found: "no rows in 'data'", expected: "counts an epoch") }
    if let said = settings["startdatetime"].flatMap({ Int64($0) }).flatMap(ActiGraphInfo.seconds(ticks:)),
      abs(said - first.seconds) >= epoch
    {
      warnings.append(
        "\(name): its settings say that it starts \(LocalTime(day: 0, secondOfDay: said).text), its first epoch "
          + "begins \(LocalTime(day: 0, secondOfDay: first.seconds).text), which is followed")
    }
    rows = try EpochRows(read.map { $0.seconds - first.seconds }, epochSeconds: epoch, url: url)
    warnings += rows.clock.warnings(name)
    let contact = try Self.contact(database, settings, from: first.seconds, to: rows.clock.seconds, name)
    contact.warning.map { warnings.append($0) }
    var values = found.indices.map { column in read.map { $0.values[column] } }
    for range in contact.notWorn {
      for (row, epoch) in read.enumerated() where range.contains(epoch.seconds - first.seconds) {
        for (column, facts) in found.enumerated() where facts.2 { values[column][row] = .nan }
      }
    }
    (self.url, self.values, self.warnings) = (url, values, warnings)
    start = LocalTime(day: 0, secondOfDay: first.seconds)
    channels = found.map { StoredChannel(label: $0.0, unit: $0.1, sampleRateHz: 1 / epoch) }
  }

  private static func contact(
    _ database: SQLiteFile, _ settings: [String: String], from first: Double, to end: Double, _ name: String
  ) throws -> SkinContact {
    var states: [(seconds: Double, isWorn: Bool)] = []
    if Set(try database.columns(of: "capsense")).isSuperset(of: ["timeStamp", "state"]) {
      try database.forEachRow("SELECT timeStamp, state FROM capsense ORDER BY timeStamp") { row in
        guard let seconds = row.integer(0).flatMap(ActiGraphInfo.seconds(ticks:)), let state = row.integer(1) else {
          return
        }
        states.append((seconds - first, state != 0))
      }
    }
    return SkinContact(states, limb: settings["limb"] ?? "", end: end, name: name)
  }

  var seconds: Double { rows.clock.seconds }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    try rows.stretches(values[index], times: factor, url: url)
  }
}
