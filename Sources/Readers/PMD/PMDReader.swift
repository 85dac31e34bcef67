public import Foundation
public import SleepCore

/// Reads the bed pressure maps of Pouyan, Birjandtalab, Heydarzadeh, Nourani and Ostadabbas, "A pressure map dataset
/// for posture and subject analytics" (BHI 2017), as PhysioNet's `pmd` ships them.
///
/// One recording a subject in experiment I (`i-S1`), one a subject and mattress in experiment II (`ii-S1-Air`,
/// `ii-S1-Sponge`). Subjects are named as in experiment I: eight of its people took part in II too.
///
/// The first two frames of every file of experiment I are unsettled and left out. The variants of experiment II are not
/// those of the 17 postures, or not known to be, so only the side of each is kept: ``Posture/otherSupine``,
/// ``Posture/otherRight`` and ``Posture/otherLeft``. Its `G` maps are undocumented and unscored.
public struct PMDReader: DatasetReader {
  public let name = "pmd"
  public let sensors: [Sensor] = [.pressureMap]
  public let labels: LabelKind? = .postures
  public let roles = FileRoles(main: nil, signals: nil, labels: nil)

  /// Who of experiment I each subject of experiment II is, by age, height and weight.
  static let subjectsOfSecondExperiment = [
    "S1": "S1", "S2": "S2", "S3": "S3", "S4": "S5", "S5": "S7", "S6": "S8", "S7": "S9", "S8": "S10",
  ]

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    let expected = "a folder with experiment-i or experiment-ii"
    let folder = try Folder(root, expected: expected)
    let sources = try Self.firstExperiment(folder) + Self.secondExperiment(folder)
    guard !sources.isEmpty else {
      throw ReadError(root, found: "no recordings of pmd", expected: expected)
    }
    return sources
  }

  private static func firstExperiment(_ root: Folder) throws -> [RecordingSource] {
    let experiment = try Folder(ifPresent: root.file("experiment-i"))
    return try subjectFolders(in: experiment).compactMap { name in
      let files = try Folder(ifPresent: experiment.file(name)).files(endingWith: ".txt")
        .filter { Int($0.key) != nil }
      guard !files.isEmpty else { return nil }
      return RecordingSource(id: "i-\(name)", subject: Subject(name), files: files)
    }
  }

  private static func secondExperiment(_ root: Folder) throws -> [RecordingSource] {
    let experiment = try Folder(ifPresent: root.file("experiment-ii"))
    return try subjectFolders(in: experiment).flatMap { name in
      try ["Air", "Sponge"].compactMap { mattress -> RecordingSource? in
        let folder = try Folder(ifPresent: experiment.file("\(name)/\(mattress)_Mat"))
        let prefix = "Matrix_\(mattress)_"
        let files = folder.files(endingWith: ".txt").filter { $0.key.hasPrefix(prefix) }
        guard !files.isEmpty else { return nil }
        return RecordingSource(
          id: "ii-\(name)-\(mattress)", subject: Subject(subjectsOfSecondExperiment[name] ?? "ii-\(name)"),
          files: Dictionary(
            files.map { (String($0.key.dropFirst(prefix.count)), $0.value) }, uniquingKeysWith: { first, _ in first }))
      }
    }
  }

  private static func subjectFolders(in experiment: Folder) -> [String] {
    experiment.names.filter { $0.hasPrefix("S") && Int($0.dropFirst()) != nil }
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    guard sensors.contains(.pressureMap) else { return Recording(id: source.id, subject: source.subject) }
    var files = source.id.hasPrefix("ii-") ? MapFiles.secondExperiment : MapFiles.firstExperiment
    try files.read(source)
    return Recording(
      id: source.id, subject: source.subject, frames: files.frames,
      warnings: files.warnings.map { "\(source.id): \($0)" })
  }
}
