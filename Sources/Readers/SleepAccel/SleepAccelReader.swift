public import Foundation
public import SleepCore

/// Reads the wrist recordings of Walch, Huang, Forger and Goldstein, "Sleep stage prediction with raw acceleration and
/// photoplethysmography heart rate data derived from a consumer wearable device" (Sleep 2019), as PhysioNet's
/// `sleep-accel` ships them, and the activity counts that their code computes.
///
/// Time is seconds from the start of the polysomnogram. The watch was worn for days; all of them are read, whatever was scored.
/// Files that are absent are absent sensors. Steps come in bins of ten minutes, too coarse for a window: their file is
/// checked, but makes no signal.
public struct SleepAccelReader: DatasetReader {
  public let name = "sleep-accel"
  public let sensors: [Sensor] = [.accelerometer, .activity, .heartRate]
  public let labels: LabelKind? = .stages
  public let roles = FileRoles(main: nil, signals: ["heart-rate", "motion", "activity-counts", "steps"])

  private struct Kind {
    let key: String
    let folder: String
    let suffix: String
  }

  private static let kinds = [
    Kind(key: "labels", folder: "labels", suffix: "_labeled_sleep.txt"),
    Kind(key: "heart-rate", folder: "heart_rate", suffix: "_heartrate.txt"),
    Kind(key: "motion", folder: "motion", suffix: "_acceleration.txt"),
    Kind(key: "activity-counts", folder: "activity_counts", suffix: "_activity_counts.csv"),
    Kind(key: "steps", folder: "steps", suffix: "_steps.txt"),
  ]

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    let expected = "a folder with labels, heart_rate, motion or activity_counts"
    let folder = try Folder(root, expected: expected)
    var files: [String: [String: URL]] = [:]
    for kind in Self.kinds {
      for (id, url) in try Folder(ifPresent: folder.file(kind.folder)).files(endingWith: kind.suffix) {
        files[id, default: [:]][kind.key] = url
      }
    }
    files = files.filter { Set($0.value.keys) != ["steps"] }
    guard !files.isEmpty else {
      throw ReadError(root, found: "no recordings of sleep-accel", expected: expected)
    }
    return inNumericOrder(files.keys).map {
      RecordingSource(id: $0, subject: Subject($0), files: files[$0] ?? [:])
    }
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    var warnings: [String] = []
    var hypnogram: Hypnogram?
    if let url = source.files["labels"] {
      let read = try Self.hypnogram(url)
      hypnogram = read.0
      warnings += read.warnings
    }
    if let url = source.files["steps"] {
      _ = try TimedSamples(url, columns: ["steps"], separatedBy: .commas)
    }
    var signals: [Signal] = []
    func add(
      _ sensor: Sensor, _ key: String, _ columns: [String], _ channels: [Channel],
      separatedBy separator: NumberTable.Separator = .commas
    ) throws {
      guard sensors.contains(sensor), let url = source.files[key] else { return }
      let samples = try TimedSamples(url, columns: columns, separatedBy: separator)
      warnings += samples.warnings
      samples.clockWarning(url.lastPathComponent, hypnogram: hypnogram).map { warnings.append($0) }
      signals.append(samples.signal(sensor, channels))
    }
    try add(
      .accelerometer, "motion", ["x", "y", "z in g"], ["x", "y", "z"].map { Channel(name: $0, unit: "g") },
      separatedBy: .blanks)
    try add(.activity, "activity-counts", ["count"], [Channel(name: "activity", unit: "count")])
    try add(.heartRate, "heart-rate", ["beats a minute"], [Channel(name: "heart rate", unit: "bpm")])
    return Recording(
      id: source.id, subject: source.subject, signals: signals, hypnogram: hypnogram, start: source.start,
      warnings: warnings)
  }

  /// -1 is unscored, 4 the old stage 4, 5 REM.
  private static func hypnogram(_ url: URL) throws -> (Hypnogram, warnings: [String]) {
    var labels = ScoredLines(url)
    let file = try TextFile(url)
    try NumberTable(["seconds", "stage"], separatedBy: .blanks).forEachRow(of: file) { line, row in
      let stage: Stage?
      switch row[1] {
      case -1: stage = nil
      case 0: stage = .wake
      case 1: stage = .n1
      case 2: stage = .n2
      case 3, 4: stage = .n3
      case 5: stage = .rem
      default:
        throw ReadError(
          url, line: line, found: "the stage \(plain(row[1]))",
          expected: "-1 (unscored), 0 (W), 1 to 4 (N1 to N4) or 5 (REM)")
      }
      labels.append(line: line, seconds: row[0], stage: stage)
    }
    return try labels.hypnogram()
  }
}

/// A number as short as it goes: `7`, `2.5`.
func plain(_ number: Double) -> String {
  Int(exactly: number).map(String.init) ?? String(number)
}
