import Corpora
import Foundation
public import Readers
import SleepCore

/// A card that is drafted from what a folder holds. What a human must decide stands in it as a comment with `DECIDE`.
public struct CardDraft: Sendable {
  private let survey: FolderSurvey
  private let name: String

  /// In so many of the files a channel is to be named; rarer ones stand in a comment.
  private static let usualShare = 0.5

  /// - Parameter name: What the data set is to be called.
  public init(_ survey: FolderSurvey, name: String) {
    self.survey = survey
    self.name = name
  }

  /// The card, in YAML.
  public var text: String {
    var lines = [
      "# Drafted by 'ssrm scan' from \(survey.opened) of \(survey.signalFiles) files of signals. Lines with DECIDE need you.",
      "name: \(yaml(name))",
      "title: \(yaml(name))  # DECIDE: a title, for reports",
      "population: \(yaml(name))  # DECIDE: people of one population are the same people, in whatever card",
    ]
    lines += files + subjects + labels
    lines += ["window_seconds: \(survey.windowSeconds.count == 1 ? short(survey.windowSeconds.first ?? 30) : "30")"]
    lines += sensors
    lines += survey.unreadable.prefix(5).map { "# could not be opened: \($0.singleLine)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var files: [String] {
    let found = survey.endings.map { "\($0.count) of .\($0.ending)" }.joined(separator: ", ")
    guard survey.needsPatterns else { return ["reader: files  # every file of a known format: \(found)"] }
    let patterns = survey.endings.map { yaml("**/{recording}.\($0.ending)") }.joined(separator: ", ")
    return [
      "# \(found); DECIDE: which of them are signals, and whose: '**/{subject}_{session}.csv' says it by their names.",
      "files:", "  signals: [\(patterns)]",
    ]
  }

  private var subjects: [String] {
    guard !survey.undecided.isEmpty else {
      return [
        "# whose they are is decided by their names: \(survey.subjects) subjects. 'ssrm scan DIR --out recordings.csv' shows how."
      ]
    }
    return ["# DECIDE: whose these are, by 'subject: {pattern: …}' or a table of recordings:"]
      + survey.undecided.prefix(5).map { "#   \($0.singleLine)" }
  }

  private var labels: [String] {
    guard survey.scored > 0 else {
      return ["# DECIDE: no stages were found; 'labels: {files: …}' says where label files lie", "labels: stages"]
    }
    let unknown = survey.words.filter { $0.meaning == nil }
    let known = survey.words.filter { $0.meaning != nil }
    let words = known.prefix(12).map { "\($0.word.singleLine) (\($0.count)) is \($0.meaning?.rawValue ?? "")" }
    var lines = ["# stages in \(survey.scored) of \(survey.opened) files: \(words.joined(separator: ", "))"]
    if survey.windowSeconds.count > 1 {
      let lengths = survey.windowSeconds.sorted().map(short).joined(separator: ", ")
      lines.append("# DECIDE: files were scored in windows of \(lengths) s; window_seconds is the model's")
    }
    guard !unknown.isEmpty else { return lines + ["labels: stages"] }
    lines += [
      "labels:", "  kind: stages", "  # DECIDE: what these mean; events that are no stages may go:", "  vocabulary:",
    ]
    return lines + unknown.prefix(20).map { "    \(yaml($0.word)): unscored  # \($0.count) times" }
  }

  private var sensors: [String] {
    var lines = ["sensors:"]
    for sensor in Sensor.allCases where !sensor.isMap {
      let own = survey.channels.filter { $0.sensor == sensor }
      let usual = own.filter { Double($0.files) >= Self.usualShare * Double(max(1, survey.opened)) }
      guard !own.isEmpty else { continue }
      let candidates = usual.isEmpty ? own : usual
      // A channel that is much slower than the others would take them down with it.
      let fastest = candidates.flatMap(\.ratesHz).max() ?? 0
      let chosen = candidates.filter { ($0.ratesHz.min() ?? fastest) * 4 >= fastest }
      lines.append("  \(sensor.rawValue):")
      if chosen.contains(where: { $0.files < survey.opened }) {
        lines.append("    optional: true  # DECIDE: not in every file")
      }
      lines.append("    channels:")
      for channel in chosen {
        lines.append("      - {name: \(yaml(channel.name)), from: [\(yaml(channel.name))]}  # \(facts(channel))")
      }
      let rare = own.filter { one in !chosen.contains { $0.name == one.name } }
      if !rare.isEmpty {
        lines.append(
          "    # DECIDE: left out, since they are slower or in few files; other names of one lead may stand in its 'from': \(rare.map { "'\($0.name.singleLine)' (\(facts($0)))" }.joined(separator: ", "))"
        )
      }
      lines += settings(of: sensor, chosen)
    }
    if lines.count == 1 {
      lines += [
        "  # DECIDE: no channel's name speaks of a sensor; name them under one, as",
        "  #   ecg: {channels: [{name: ECG, from: [x1]}]}",
      ]
    }
    let unknown = survey.channels.filter { $0.sensor == nil }
    if !unknown.isEmpty {
      lines.append(
        "# of no known sensor: \(unknown.map { "'\($0.name.singleLine)' (\(facts($0)))" }.joined(separator: ", "))")
    }
    return lines
  }

  private func facts(_ channel: FolderSurvey.FoundChannel) -> String {
    let rates = channel.ratesHz.sorted().map { short(($0 * 1e4).rounded() / 1e4) }
    let units = channel.units.sorted().map { $0.isEmpty ? "no unit" : $0.singleLine }
    return
      (["\(channel.files) of \(survey.opened)"]
      + (rates.isEmpty ? ["each sample with its time"] : ["\(rates.joined(separator: " or ")) Hz"])
      + [units.joined(separator: " or ")]).joined(separator: ", ")
  }

  /// What is usual for a sensor, within what the files' rates allow.
  private func settings(of sensor: Sensor, _ channels: [FolderSurvey.FoundChannel]) -> [String] {
    let lowest = channels.flatMap(\.ratesHz).min() ?? .infinity
    var lines: [String] = []
    let isVoltage = sensor == .psg || sensor == .ecg
    if isVoltage, let unit = sensor.traits.unit, channels.allSatisfy({ !$0.units.contains("") }) {
      lines.append("unit: \(unit)")
    }
    let usual: (high: Double?, low: Double?, rate: Double) =
      switch sensor {
      case .psg: (0.3, 35, 100)
      case .ecg: (0.5, 40, 100)
      case .respiration: (nil, 2, 10)
      case .ppg: (0.5, 8, 32)
      case .accelerometer: (nil, nil, 50)
      case .radar: (nil, nil, 50)
      case .snore: (nil, nil, 50)
      default: (nil, nil, 1)
      }
    let rate = min(usual.rate, lowest)
    let samples = (rate * (survey.windowSeconds.first ?? 30)).rounded(.down)
    if let high = usual.high, high < lowest / 2 { lines.append("high_pass_hz: \(short(high))") }
    if let low = usual.low, low < lowest / 2 { lines.append("low_pass_hz: \(short(low))") }
    lines.append("sample_rate_hz: \(short(max(1, samples) / (survey.windowSeconds.first ?? 30)))  # DECIDE")
    if sensor.traits.level != nil || sensor == .activity || sensor == .position {
      lines += ["maximum_gap_seconds: 60", "maximum_missing: 0.5", "allow_flat: true"]
    }
    if sensor != .accelerometer, sensor != .position { lines += ["normalisation: robust", "clip: 20"] }
    return lines.map { "    \($0)" }
  }

  /// A text in quotation marks where YAML needs them.
  private func yaml(_ text: String) -> String {
    let isPlain =
      !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0)) }
      && text.first?.isLetter == true
      && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    return isPlain ? text : "'\(text.singleLine.replacingOccurrences(of: "'", with: "''"))'"
  }
}

extension String {
  /// What can be printed, on one line.
  fileprivate var singleLine: String {
    String(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
  }
}
