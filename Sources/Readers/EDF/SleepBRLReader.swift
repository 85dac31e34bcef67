public import Foundation
public import SleepCore

/// The sleepbrl data set: a stepped-carrier radar beside the bed, `sbjNN.edf` with eight pairs of in-phase and quadrature channels
/// `S1`…`S16` at 50 Hz, and the stages in `sbjNN.edf.atr`.
public struct SleepBRLReader: DatasetReader {
  public let name = "sleepbrl"
  public let sensors: [Sensor] = [.radar]
  public let labels: LabelKind? = .stages
  public let roles = FileRoles(main: "radar", signals: ["radar"])

  private static let roles = (1...16).map { ChannelRole(.radar, "S\($0)") }
  private static let expectation = "the sleepbrl data set, with files such as sbj01.edf"

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    let tree = try FolderTree(root, expected: Self.expectation)
    var nights = NightFiles()
    for (suffix, kind) in [(".edf", "radar"), (".edf.atr", "labels")] {
      for url in tree.files(endingWith: suffix) {
        let id = String(url.lastPathComponent.dropLast(suffix.count))
        guard id.lowercased().hasPrefix("sbj") else { continue }
        try nights.add(url, as: kind, of: id)
      }
    }
    guard !nights.files.isEmpty else {
      throw ReadError(root, found: "no file of that name", expected: Self.expectation)
    }
    return nights.files.sorted { $0.key.compare($1.key, options: .numeric) == .orderedAscending }.map { id, files in
      RecordingSource(id: id, subject: Subject(id), files: files)
    }
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    guard let url = source.files["radar"] else {
      let labels = source.files["labels"] ?? URL(fileURLWithPath: source.id)
      throw ReadError(labels, found: "stages without their radar file", expected: "'\(source.id).edf' beside them")
    }
    let file = try EDFSignalFile(url)
    var (signals, warnings) = try file.signals(file.selections(Self.roles, sensors: sensors))
    warnings = file.warnings + warnings
    var hypnogram: Hypnogram?
    if let labels = source.files["labels"] {
      guard let rate = file.channels.first?.sampleRateHz, rate > 0 else {
        throw ReadError(url, found: "a sampling rate of 0", expected: "50 Hz")
      }
      let runs = try WFDBAnnotations(labels).entries.map { entry in
        guard let stage = Self.stages[entry.text.trimmingCharacters(in: .whitespaces)] else {
          throw ReadError(
            labels, found: "the stage '\(entry.text)' at sample \(entry.sample)", expected: "W, 1, 2, 3 or R")
        }
        return StageRun(startSeconds: Double(entry.sample) / rate, durationSeconds: 30, stage: stage)
      }
      hypnogram = Hypnogram(runs: runs, signalSeconds: file.seconds)
    } else {
      warnings.append("\(url.lastPathComponent): no stages, for want of '\(url.lastPathComponent).atr'")
    }
    return Recording(
      id: source.id, subject: source.subject, signals: signals, hypnogram: hypnogram,
      start: source.start ?? file.start, warnings: warnings)
  }

  private static let stages: [String: Stage] = ["W": .wake, "1": .n1, "2": .n2, "3": .n3, "R": .rem]
}
