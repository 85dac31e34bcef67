public import Foundation
public import SleepCore

/// Reads RR intervals and stages derived from the MIT-BIH polysomnographic database (Ichimaru and Moody, "Development of
/// the polysomnographic database on CD-ROM", Psychiatry and Clinical Neurosciences 1999): a CSV a recording,
/// `epoch_start_s,stage,rr_s`, the intervals of one scoring epoch separated by spaces.
///
/// An interval is in the row in which it begins; it becomes a heart rate at the beat that ends it. Over rows that follow each
/// other the intervals add up to the beats' times; after a gap they start at the row's own time, which is less than a beat
/// early. The first interval of a recording counts from its start, not from a beat, and is left out, as are those that no
/// heart makes. Movement time has no row and is unscored.
public struct SlpdbRRReader: DatasetReader {
  public let name = "slpdb-rr"
  public let sensors: [Sensor] = [.heartRate]
  public let labels: LabelKind? = .stages
  public let roles = FileRoles(main: "rr", signals: ["rr"], labels: nil)

  static let plausibleSeconds = 0.3...2.5
  private static let table = HeadedTable(header: "epoch_start_s,stage,rr_s")

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    let expected = "a folder with slp01a.csv and the like"
    let files = try Folder(root, expected: expected).files(endingWith: ".csv")
      .filter { $0.key.hasPrefix("slp") && !$0.key.contains("_") }
    guard !files.isEmpty else {
      throw ReadError(root, found: "no recordings of slpdb-rr", expected: expected)
    }
    return inNumericOrder(files.keys).map { id in
      RecordingSource(id: id, subject: Self.subject(of: id), files: files[id].map { ["rr": $0] } ?? [:])
    }
  }

  /// slp01a and slp01b are one person, and so are slp02a and slp02b.
  package static func subject(of id: String) -> Subject {
    Subject(id.hasSuffix("a") || id.hasSuffix("b") ? String(id.dropLast()) : id)
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    guard let url = source.files["rr"] else {
      return Recording(id: source.id, subject: source.subject)
    }
    var beats = BeatTrain()
    var labels = ScoredLines(url)
    try Self.table.forEachRow(of: TextFile(url)) { row in
      let start = try row.number(0)
      labels.append(line: row.line, seconds: start, stage: try row.stage(1))
      try beats.append(row.numbers(2), from: start, url, row.line)
    }
    var (hypnogram, warnings) = try labels.hypnogram()
    if beats.implausible > 0 {
      warnings.append(
        "\(url.lastPathComponent): \(beats.implausible) RR interval\(beats.implausible == 1 ? "" : "s") outside "
          + "\(Self.plausibleSeconds.lowerBound) to \(Self.plausibleSeconds.upperBound) s; left out")
    }
    let signal = Signal(
      sensor: .heartRate, channels: [Channel(name: "heart rate", unit: "bpm")],
      timing: .irregular(seconds: beats.seconds), samples: [beats.beatsPerMinute])
    return Recording(
      id: source.id, subject: source.subject, signals: sensors.contains(.heartRate) ? [signal] : [],
      hypnogram: hypnogram, warnings: warnings)
  }
}
