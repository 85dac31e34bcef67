public import Foundation
public import SleepCore

/// The MIT-BIH polysomnographic database as published, of Ichimaru and Moody, "Development of the polysomnographic database on
/// CD-ROM" (1999): records `slpNN.hea` and `.dat` at 250 Hz with stages in `slpNN.st`.
///
/// ECG in mV and every respiration channel. A subject who slept twice, `slp01a` and `slp01b`, is one.
public struct SlpdbReader: DatasetReader {
  public let name = "slpdb"
  public let sensors: [Sensor] = [.ecg, .respiration]
  public let labels: LabelKind? = .stages

  private static let expectation = "the MIT-BIH polysomnographic database, with files such as slp01a.hea"

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    let headers = try FolderTree(root, expected: Self.expectation).files(endingWith: ".hea")
      .filter { $0.lastPathComponent.lowercased().hasPrefix("slp") }
    guard !headers.isEmpty else { throw ReadError(root, found: "no file of that name", expected: Self.expectation) }
    return headers.map { url in
      let id = url.deletingPathExtension().lastPathComponent
      let stages = url.deletingPathExtension().appendingPathExtension("st")
      var files = ["psg": url]
      if FileManager.default.fileExists(atPath: stages.path) { files["labels"] = stages }
      return RecordingSource(id: id, subject: Self.subject(of: id), files: files)
    }
  }

  /// `slp01` of `slp01a` and `slp01b`.
  static func subject(of id: String) -> Subject { Subject(String(id.prefix(5))) }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    guard let url = source.files["psg"] else {
      throw ReadError(URL(fileURLWithPath: source.id), found: "no header", expected: Self.expectation)
    }
    let record = try WFDBRecord(url)
    let roles = self.sensors.filter(sensors.contains).map { sensor in
      ChannelRole(sensor, sensor == .ecg ? "ECG" : "Resp")
    }
    let selections = record.channels.indices.compactMap { index in
      SensorGuess.sensor(label: record.channels[index].label).flatMap {
        sensors.contains($0) ? ChannelSelection(sensor: $0, channel: index) : nil
      }
    }
    for role in roles where !selections.contains(where: { $0.sensor == role.sensor }) {
      throw role.missing(from: record.channels.map(\.label), url: url)
    }
    let read = try record.signals(selections)
    var warnings = record.warnings + read.warnings
    var hypnogram: Hypnogram?
    if let labels = source.files["labels"] {
      hypnogram = try Self.hypnogram(labels, record: record)
    } else {
      warnings.append("\(url.lastPathComponent): no stages, for want of '\(source.id).st'")
    }
    return Recording(
      id: source.id, subject: source.subject, signals: read.signals, hypnogram: hypnogram,
      start: source.start ?? record.header.start, warnings: warnings)
  }

  /// The stage is the first word of each text; letters of events, as in `2 HA`, follow it, or stand alone between two windows.
  private static func hypnogram(_ url: URL, record: WFDBRecord) throws -> Hypnogram? {
    let file = try WFDBAnnotations(url)
    let rate = file.ticksPerSecond ?? record.header.frameRateHz
    let stages: [String: Stage?] = [
      "W": .wake, "1": .n1, "2": .n2, "3": .n3, "4": .n3, "R": .rem, "MT": Stage?.none, "M": Stage?.none,
    ]
    let runs = try file.entries.compactMap { entry -> StageRun? in
      let words = entry.text.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first else { return nil }
      guard let stage = stages[first] else {
        if Self.events.contains(first) { return nil }
        throw ReadError(
          url, found: "the stage '\(entry.text)' at sample \(entry.sample)", expected: "W, 1, 2, 3, 4, R or MT")
      }
      // The first lies at sample 1 in some records: windows begin at whole multiples of 30 s.
      let start = (Double(entry.sample) / rate / 30).rounded() * 30
      return StageRun(startSeconds: start, durationSeconds: 30, stage: stage)
    }
    return Hypnogram(runs: runs, signalSeconds: Double(record.frameCount) / record.header.frameRateHz)
  }

  /// Apnoea, hypopnoea, arousal and leg movement.
  private static let events: Set = ["H", "HA", "OA", "X", "CA", "CAA", "L", "LA", "A"]
}
