public import Foundation
public import SleepCore

/// Nights of the National Sleep Research Resource: an EDF and an XML file of annotations each, anywhere below the root.
///
/// Channels are found by any of the names that the files use, in any case and spacing. ECG comes in mV, EEG, EOG and EMG in uV,
/// the thoracic effort in the file's unit; channels of one sensor at several rates, as SHHS's EEG at 125 and EOG at 50 Hz, are a
/// signal each.
public struct NSRRReader: DatasetReader {
  public let name: String
  public let sensors: [Sensor] = [.ecg, .respiration, .psg]
  public let labels: LabelKind? = .stages
  private let title: String
  private let example: String
  private let roles: [ChannelRole]
  private let subject: @Sendable (String) -> String?
  private let session: @Sendable (String) -> String?

  /// The Sleep Heart Health Study, of Quan et al. (1997): `shhs1-200001.edf` and `shhs2-200001.edf` are two visits of one subject.
  public static let shhs = NSRRReader(
    name: "shhs", title: "the Sleep Heart Health Study", example: "shhs1-200001",
    roles: [
      ChannelRole(.ecg, "ECG", "EKG", "ECG1", "ECG I"),
      ChannelRole(.respiration, "THOR RES", "Thor", "Thoracic", "Thorax", "Thor Effort", "Chest"),
      ChannelRole(.psg, "EEG", "EEG1", "EEG C4-A1"),
      ChannelRole(.psg, "EEG(sec)", "EEG2", "EEG 2", "EEG sec", isRequired: false),
      ChannelRole(.psg, "EOG(L)", "EOGL", "EOG Left", "LOC", isRequired: false),
      ChannelRole(.psg, "EOG(R)", "EOGR", "EOG Right", "ROC", isRequired: false),
      ChannelRole(.psg, "EMG", "Chin EMG", "Chin", isRequired: false),
    ],
    subject: { id in
      guard id.hasPrefix("shhs1-") || id.hasPrefix("shhs2-") else { return nil }
      return String(id.dropFirst(6))
    },
    session: { id in String(id.prefix(5)) })

  /// The Multi-Ethnic Study of Atherosclerosis, of Chen et al. (2015).
  public static let mesa = NSRRReader(
    name: "mesa", title: "the Multi-Ethnic Study of Atherosclerosis", example: "mesa-sleep-0001",
    roles: [
      ChannelRole(.ecg, "EKG", "ECG"),
      ChannelRole(.respiration, "Thor", "THOR RES", "Thoracic", "Thorax", "Thor Effort", "Chest"),
      ChannelRole(.psg, "EEG1", "EEG"),
      ChannelRole(.psg, "EEG2", isRequired: false),
      ChannelRole(.psg, "EEG3", isRequired: false),
      ChannelRole(.psg, "EOG-L", "LOC", isRequired: false),
      ChannelRole(.psg, "EOG-R", "ROC", isRequired: false),
      ChannelRole(.psg, "EMG", "Chin EMG", isRequired: false),
    ],
    subject: { id in id.hasPrefix("mesa-sleep-") ? String(id.dropFirst(11)) : nil }, session: { _ in nil })

  private var expectation: String { "\(title), with files such as \(example).edf and \(example)-nsrr.xml" }

  public func discover(in root: URL) throws -> [RecordingSource] {
    let tree = try FolderTree(root, expected: expectation)
    var nights = NightFiles()
    for (suffix, kind) in [(".edf", "psg"), ("-profusion.xml", "profusion"), ("-nsrr.xml", "nsrr")] {
      for url in tree.files(endingWith: suffix) {
        let id = String(url.lastPathComponent.dropLast(suffix.count)).lowercased()
        if subject(id) != nil { try nights.add(url, as: kind, of: id) }
      }
    }
    guard !nights.files.isEmpty else { throw ReadError(root, found: "no file of that name", expected: expectation) }
    return nights.files.sorted { $0.key < $1.key }.map { id, found in
      var files = ["psg": found["psg"]].compactMapValues(\.self)
      // Where there are both kinds of annotations NSRR's own is taken.
      files["labels"] = found["nsrr"] ?? found["profusion"]
      return RecordingSource(id: id, subject: Subject(subject(id) ?? id), session: session(id), files: files)
    }
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    try read(source, ReadingRequest(sensors: sensors))
  }

  public func read(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    guard let url = source.files["psg"] else {
      let labels = source.files["labels"] ?? URL(fileURLWithPath: source.id)
      throw ReadError(labels, found: "annotations without their signals", expected: "a file '\(source.id).edf'")
    }
    let file = try EDFSignalFile(url)
    let read = try file.signals(file.selections(roles, sensors: request.sensors))
    var warnings = file.warnings + read.warnings
    let clock = file.clock(told: source.start)
    var hypnogram: Hypnogram?
    if request.readsLabels, let labels = source.files["labels"] {
      let read = try LabelReading(labels, rules: request.labels, signal: clock)
      hypnogram = read.hypnogram
      warnings += read.warnings
    } else if request.readsLabels {
      warnings.append("\(url.lastPathComponent): no stages, for want of '\(source.id)-nsrr.xml'")
    }
    return Recording(
      id: source.id, subject: source.subject, signals: read.signals, hypnogram: hypnogram,
      start: clock.start, warnings: warnings)
  }
}
