public import Foundation
public import SleepCore

/// The Sleep-EDF database expanded, of Kemp et al., "Analysis of a sleep-dependent neuronal feedback loop" (2000): the cassette
/// nights `SC4ssN?0-PSG.edf` and the telemetry nights `ST7ssN?0-PSG.edf`, each with its `-Hypnogram.edf`.
///
/// Stages 3 and 4 are joined, movement and unknown are unscored; labels are cropped to the signal. The cassette nights' chin EMG,
/// an envelope at 1 Hz, is a signal of its own beside the channels at 100 Hz. Telemetry nights hold no respiration.
public struct SleepEDFReader: DatasetReader {
  public let name = "sleep-edf"
  public let sensors: [Sensor] = [.psg, .respiration]
  public let labels: LabelKind? = .stages
  public let roles = FileRoles(main: "psg", signals: ["psg"], labels: "hypnogram")

  private static let roles = [
    ChannelRole(.psg, "EEG Fpz-Cz"), ChannelRole(.psg, "EEG Pz-Oz"),
    ChannelRole(.psg, "EOG horizontal"), ChannelRole(.psg, "EMG submental"),
    ChannelRole(.respiration, "Resp oro-nasal", isRequired: false),
  ]
  private static let expectation = "the Sleep-EDF database, with files such as SC4001E0-PSG.edf"

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    var nights = NightFiles()
    for url in try FolderTree(root, expected: Self.expectation).files(endingWith: ".edf") {
      let name = url.lastPathComponent
      guard let night = Self.night(name) else { continue }
      let kind = name.lowercased().contains("-hypnogram") ? "hypnogram" : "psg"
      try nights.add(url, as: kind, of: night)
    }
    guard !nights.files.isEmpty else {
      throw ReadError(root, found: "no file of that name", expected: Self.expectation)
    }
    return nights.files.sorted { $0.key < $1.key }.map { night, files in
      RecordingSource(
        id: night, subject: Subject(String(night.prefix(2)) + night.dropFirst(3).prefix(2)),
        session: "night\(night.suffix(1))", files: files)
    }
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    try read(source, ReadingRequest(sensors: sensors))
  }

  public func read(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    var signals: [Signal] = []
    var warnings: [String] = []
    var clock: SignalClock?
    if let url = source.files["psg"] {
      let file = try EDFSignalFile(url)
      warnings += file.warnings
      let read = try file.signals(file.selections(Self.roles, sensors: request.sensors))
      signals = read.signals
      warnings += read.warnings
      clock = file.clock(told: source.start)
    } else {
      warnings.append("\(source.id): a hypnogram without its PSG")
    }
    var hypnogram: Hypnogram?
    if request.readsLabels, let url = source.files["hypnogram"] {
      let labels = try LabelReading(url, rules: request.labels, signal: clock)
      hypnogram = labels.hypnogram
      warnings += labels.warnings
    } else if request.readsLabels {
      warnings.append("\(source.id): a PSG without its hypnogram")
    }
    return Recording(
      id: source.id, subject: source.subject, signals: signals, hypnogram: hypnogram,
      start: clock?.start ?? source.start, warnings: warnings)
  }

  /// `SC4001` of `SC4001E0-PSG.edf`: the study, the subject's two digits and the night.
  private static func night(_ name: String) -> String? {
    let upper = name.uppercased()
    guard upper.hasPrefix("SC4") || upper.hasPrefix("ST7"), upper.contains("-PSG") || upper.contains("-HYPNOGRAM"),
      upper.dropFirst(3).prefix(3).count(where: { $0.isASCII && $0.isNumber }) == 3
    else { return nil }
    return String(upper.prefix(6))
  }
}
