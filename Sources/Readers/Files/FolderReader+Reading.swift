import Foundation
public import SleepCore

extension FolderReader {
  /// Reads one recording: the main file, whose first sample is the recording's zero, then the others, each at its own clock's time.
  public func read(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    if source.files.keys.contains(where: { $0.hasPrefix(Self.mapRole) }) { return try readMaps(source, request) }
    let roles = source.files.filter { $0.key != self.roles.labels }
    guard let main = roles.keys.first(where: { $0 == request.files.main }) ?? roles.main, let url = roles[main] else {
      throw ReadError(URL(fileURLWithPath: source.id), found: "no file", expected: "a file of signals")
    }
    let file = try Self.open(url, main, request)
    var parts = PartsOfRecording(zero: source.start ?? file.start, of: file.url.lastPathComponent)
    try parts.add(file, role: main, request, shift: request.files[main]?.shiftSeconds ?? 0)
    for role in inNumericOrder(roles.keys.filter { $0 != main }) {
      guard let url = roles[role] else { continue }
      try parts.add(Self.open(url, role, request), role: role, request, shift: source.shifts[role])
    }
    let clock = file.clock(told: source.start)
    let stages =
      request.readsLabels
      ? try Self.stages(
        file, clock, partner: source.files[self.roles.labels ?? ""], request.labels, by: source.partnerRule(request))
      : (hypnogram: nil, lightsOffSeconds: nil, warnings: [])
    return Recording(
      id: source.id, subject: source.subject, signals: parts.signals, hypnogram: stages.hypnogram,
      start: clock.start, lightsOffSeconds: file.lightsOffSeconds ?? stages.lightsOffSeconds,
      warnings: parts.warnings + stages.warnings)
  }

  /// Opens a file of a role, as the card says or as its name tells.
  static func open(_ url: URL, _ role: String, _ request: ReadingRequest) throws -> any SignalFile {
    let rules = request.files[role]?.reading ?? SignalRules()
    guard let format = rules.format ?? SignalFormat(of: url) else {
      let known = SignalFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ReadError(
        url, found: "signals whose format its name does not tell",
        expected: "'files: {\(role): {path: …, format: …}}' in the card, one of \(known)")
    }
    return try format.open(url, rules: rules, labels: request.labels)
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

/// The signals of a recording's files, brought to one clock.
private struct PartsOfRecording {
  /// What the clock said at the recording's zero.
  let zero: LocalTime?
  /// The main file's name.
  let name: String
  private(set) var signals: [Signal] = []
  private(set) var warnings: [String] = []

  init(zero: LocalTime?, of name: String) {
    self.zero = zero
    self.name = name
  }

  /// - Parameter shift: How much later its times are than it says; by the clocks of both where `nil`.
  mutating func add(_ file: any SignalFile, role: String, _ request: ReadingRequest, shift: Double? = nil) throws {
    // A polysomnogram holds channels of several sensors.
    let sensor = role == "psg" ? nil : Sensor(rawValue: role)
    let chosen = file.selections(request, all: sensor)
    let read = try file.signals(chosen.selections)
    warnings += file.warnings + chosen.warnings + read.warnings
    let seconds = shift ?? delay(of: file) + (request.files[role]?.shiftSeconds ?? 0)
    signals += seconds == 0 ? read.signals : read.signals.map { $0.later(by: seconds) }
  }

  /// How long after the recording's zero a file begins, by both clocks.
  private mutating func delay(of file: any SignalFile) -> Double {
    let other = file.url.lastPathComponent
    guard let zero, let start = file.start else {
      let silent = zero == nil ? (file.start == nil ? "both have no clock" : "\(name) has no clock") : "it has no clock"
      warnings.append("\(other) is taken to begin with \(name), since \(silent)")
      return 0
    }
    let seconds = start.seconds(since: zero)
    guard start.day == nil || zero.day == nil else { return seconds }
    return seconds > 43_200 ? seconds - 86_400 : seconds
  }
}

extension Signal {
  /// The same samples at other times.
  fileprivate func later(by seconds: Double) -> Signal {
    let moved: Timing =
      switch timing {
      case .regular(let start, let rate): .regular(startSeconds: start + seconds, sampleRateHz: rate)
      case .irregular(let times): .irregular(seconds: times.map { $0 + seconds })
      }
    return Signal(sensor: sensor, channels: channels, timing: moved, samples: samples)
  }
}

extension RecordingSource {
  /// What names the label file; `nil` where it was found by its own name.
  fileprivate func partnerRule(_ request: ReadingRequest) -> String? {
    if decidedBy == RecordingTable.rule { return "the table" }
    return request.labels?.files == nil && request.files[FileRoles.labelsRole] == nil ? nil : "the card"
  }
}

extension [String: URL] {
  /// The main one of a recording's roles, where no card says which it is.
  fileprivate var main: String? {
    ["psg", "signals"].first { self[$0] != nil } ?? keys.min()
  }
}
