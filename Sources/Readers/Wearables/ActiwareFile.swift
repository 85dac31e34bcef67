import Foundation
import SleepCore

/// What Philips Actiware exports of an Actiwatch: a text in sections, of which the last is a table of epochs, in English, French, German or
/// Dutch.
///
/// Activity, light and the marker are read, and where the watch tells that it was off the wrist they are missing; what Actiware itself made of
/// them, its score of sleep and wake, is not. Its clock is local time.
struct ActiwareFile: SignalFile {
  let url: URL
  let channels: [StoredChannel]
  let start: LocalTime?
  let warnings: [String]
  private let rows: EpochRows
  /// `[channels][rows]`.
  private let values: [[Float]]

  private static let epochs = 1.0...3600.0

  /// - Throws: ``ReadError`` when it is no such file, or a damaged one.
  init(_ url: URL) throws {
    let table = try ActiwareTable(url)
    let name = url.lastPathComponent
    let times = try table.times()
    var steps: [Double: Int] = [:]
    for (one, next) in zip(times.days, times.days.dropFirst()) { steps[next - one, default: 0] += 1 }
    guard let epoch = steps.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key, Self.epochs.contains(epoch)
    else {
      throw ReadError(
        url, line: table.rows.first?.line, found: "\(table.rows.count) rows whose times tell no epoch",
        expected: "rows 1 to 3600 s apart")
    }
    var warnings = times.warning.map { ["\(name): \($0)"] } ?? []
    rows = try EpochRows(times.days.map { $0 - times.days[0] }, epochSeconds: epoch, url: url)
    warnings += rows.clock.warnings(name)
    var off = [Bool](repeating: false, count: table.rows.count)
    if let column = table.columns[.offWrist] {
      for (row, state) in try table.numbers(column).enumerated() where state == 1 { off[row] = true }
      let count = off.count { $0 }
      if count > 0 {
        warnings.append(
          "\(name): off the wrist for \(BlockClock.duration(Double(count) * epoch)) by its own sensor: missing")
      }
    }
    var channels: [StoredChannel] = []
    var values: [[Float]] = []
    for (kind, label, unit) in ActiwareTable.signals {
      guard let column = table.columns[kind] else { continue }
      channels.append(StoredChannel(label: label, unit: unit, sampleRateHz: 1 / epoch))
      values.append(zip(try table.numbers(column), off).map { $1 ? .nan : Float($0) })
    }
    (self.url, self.channels, self.values, self.warnings) = (url, channels, values, warnings)
    start = LocalTime(day: 0, secondOfDay: times.days[0])
  }

  var seconds: Double { rows.clock.seconds }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    try rows.stretches(values[index], times: factor, url: url)
  }
}
