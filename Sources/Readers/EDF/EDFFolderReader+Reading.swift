import Foundation
public import SleepCore

extension EDFFolderReader {
  /// Reads one recording. Channels that the card names belong to its sensors, others go by their labels; stages are the file's own,
  /// else those of the label file that was found for it.
  public func read(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    guard let url = source.files["psg"] else {
      throw ReadError(URL(fileURLWithPath: source.id), found: "no file", expected: "an EDF or BDF file")
    }
    let file = try EDFSignalFile(url)
    let chosen = file.selections(request)
    let read = try file.signals(chosen.selections)
    let clock = file.clock(told: source.start)
    let partner = source.files["labels"] ?? source.files["hypnogram"]
    let stages =
      request.readsLabels
      ? try Self.stages(file, clock, partner: partner, request.labels, by: source.partnerRule(request.labels))
      : (hypnogram: nil, lightsOffSeconds: nil, warnings: [])
    return Recording(
      id: source.id, subject: source.subject, signals: read.signals, hypnogram: stages.hypnogram,
      start: clock.start, lightsOffSeconds: file.lightsOffSeconds ?? stages.lightsOffSeconds,
      warnings: file.warnings + chosen.warnings + read.warnings + stages.warnings)
  }

  /// The stages of a file: those of a label file that the card or the table names, else its own, else those of the file that lies
  /// beside it.
  ///
  /// - Parameter namer: What names the partner; `nil` where it was found.
  private static func stages(
    _ file: any SignalFile, _ clock: SignalClock, partner: URL?, _ rules: LabelRules?, by namer: String?
  ) throws -> (hypnogram: Hypnogram?, lightsOffSeconds: Double?, warnings: [String]) {
    let clock = file.channels.isEmpty ? nil : clock
    // Its own annotations count from its own start, whatever a card says of label files.
    var ownRules = rules
    ownRules?.start = nil
    let reading = try file.ownLabels.map { try LabelReading($0, rules: ownRules, signal: clock) }
    guard let partner else { return (reading?.hypnogram, nil, reading?.warnings ?? []) }
    let (name, other) = (file.url.lastPathComponent, partner.lastPathComponent)
    if let reading, reading.hypnogram != nil, namer == nil {
      return (
        reading.hypnogram, nil,
        reading.warnings + ["\(name) holds stages of its own: they are read, those of \(other) are not"]
      )
    }
    let labels = try LabelReading(partner, rules: rules, signal: clock)
    guard reading?.hypnogram != nil else { return (labels.hypnogram, labels.lightsOffSeconds, labels.warnings) }
    return (
      labels.hypnogram, labels.lightsOffSeconds,
      labels.warnings + [
        "\(other), which \(namer ?? "the card") names, is read, the stages that \(name) holds itself are not"
      ]
    )
  }
}

extension RecordingSource {
  /// What names the label file; `nil` where it was found by its own name.
  fileprivate func partnerRule(_ rules: LabelRules?) -> String? {
    if decidedBy == RecordingTable.rule { return "the table" }
    return rules?.files == nil ? nil : "the card"
  }
}
