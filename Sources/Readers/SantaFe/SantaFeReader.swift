public import Foundation
public import SleepCore

/// Reads data set B of the Santa Fe time series contest (Rigney, Goldberger, Ocasio, Ichimaru, Moody and Mark,
/// "Multi-channel physiological data: description and analysis", 1994): heart rate, chest volume and blood oxygen of one
/// night at 2 Hz, and its stages from slp60 of the MIT-BIH polysomnographic database.
///
/// Chest volume is in uncalibrated steps and has no unit. Blood oxygen is checked, but no sensor takes it.
/// The subject is that of slp60.
public struct SantaFeReader: DatasetReader {
  public let name = "santafe-b"
  public let sensors: [Sensor] = [.respiration, .heartRate]
  public let labels: LabelKind? = .stages
  public let roles = FileRoles(main: "signals", signals: ["signals"])

  static let signalFile = "SFI-heartRate_breathVol_bloodOx.txt"
  static let stagesFile = "slp60_stages.csv"
  private static let table = HeadedTable(header: "epoch_start_s,row_start,stage")
  static let sampleRateHz = 2.0

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    let folder = try Folder(root, expected: "a folder with \(Self.signalFile)")
    guard folder.names.contains(Self.signalFile) else {
      throw ReadError(root, found: "no recordings of santafe-b", expected: "a folder with \(Self.signalFile)")
    }
    var files = ["signals": folder.file(Self.signalFile)]
    if folder.names.contains(Self.stagesFile) { files["labels"] = folder.file(Self.stagesFile) }
    return [RecordingSource(id: "santafe-b", subject: Subject("slp60"), files: files)]
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    var signals: [Signal] = []
    if let url = source.files["signals"], !sensors.isDisjoint(with: self.sensors) {
      var samples: [[Float]] = [[], []]
      try NumberTable(["heart rate", "chest volume", "blood oxygen"], separatedBy: .blanks, comment: "%")
        .forEachRow(of: TextFile(url)) { _, row in
          for channel in 0..<2 { samples[channel].append(Float(row[channel])) }
        }
      let timing = Timing.regular(startSeconds: 0, sampleRateHz: Self.sampleRateHz)
      let channels: [(Sensor, Channel)] = [
        (.heartRate, Channel(name: "heart rate", unit: "bpm")), (.respiration, Channel(name: "chest volume", unit: "")),
      ]
      for ((sensor, channel), values) in zip(channels, samples) where sensors.contains(sensor) {
        signals.append(Signal(sensor: sensor, channels: [channel], timing: timing, samples: [values]))
      }
    }
    guard let url = source.files["labels"] else {
      return Recording(id: source.id, subject: source.subject, signals: signals)
    }
    let (hypnogram, warnings) = try Self.hypnogram(url)
    return Recording(
      id: source.id, subject: source.subject, signals: signals, hypnogram: hypnogram, warnings: warnings)
  }

  private static func hypnogram(_ url: URL) throws -> (Hypnogram, warnings: [String]) {
    var labels = ScoredLines(url)
    try table.forEachRow(of: TextFile(url)) { row in
      let start = try row.number(0)
      guard try row.number(1) == start * sampleRateHz else {
        throw ReadError(
          url, line: row.line, found: "row \(row.fields[1]) at \(row.fields[0]) s",
          expected: "row \(plain(start * sampleRateHz)) at \(plain(sampleRateHz)) Hz")
      }
      labels.append(line: row.line, seconds: start, stage: try row.stage(2))
    }
    return try labels.hypnogram()
  }
}
