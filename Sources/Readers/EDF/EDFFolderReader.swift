public import Foundation
public import SleepCore

/// Any folder of EDF, EDF+ and BDF files: each file with signals is one recording, its channels go to the sensors that their labels
/// speak of.
///
/// Whose a recording is, is decided by an exact rule or not at all: as a card says; by names after BIDS; by Sleep-EDF's own names; by
/// names with a word for a visit, `subid0_visit1.edf`; or each name for itself, where none looks like another night of somebody.
///
/// Stages are read from the file's own annotations, else from its label file: where a card says, or in the file's own folder under its
/// own name with a word for scoring after it, `night-Hypnogram.edf`, `night_scoring.edf` or `night.csv` with `night.edf` or
/// `night-PSG.edf`. A file of annotations alone is a label file whatever its name.
public struct EDFFolderReader: DatasetReader {
  public let name = "edf"
  public let sensors: [Sensor] = [.psg, .ecg, .respiration]
  public let labels: LabelKind? = .stages
  public let roles = FileRoles(main: "psg", signals: ["psg"], labels: "hypnogram")

  private static let expectation = "a folder of .edf or .bdf files"

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    try discover(in: root, rules: ReadingRules()).decided(in: root, reader: name)
  }

  public func discover(in root: URL, rules: ReadingRules) throws -> Discovery {
    let files = EDFFolderFiles(try FolderTree(root, expected: Self.expectation))
    guard !files.signals.isEmpty else { throw ReadError(root, found: "none", expected: Self.expectation) }
    return try RecordingRules(root: root, rules: rules, roles: roles)
      .discovery(of: files.signals, scorings: files.scorings, texts: files.texts)
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    try read(source, ReadingRequest(sensors: sensors))
  }
}
