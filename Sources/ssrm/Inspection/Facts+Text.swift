import Foundation
import Metrics
import SleepCore
import Training

extension Facts {
  private static let mostListed = 12

  /// For people: a sentence, then a short table for each kind of fact.
  var text: String {
    var text = "\(path): \(kind)"
    if let durationSeconds { text += ", " + Training.Progress.duration(durationSeconds) }
    text += "\n"
    if let title { text += "\(title)\n" }
    text += channelText + mapText + arrayText + sensorText
    if let labels { text += labels.text }
    if !annotations.isEmpty {
      text += "\nannotations: " + Self.listed(annotations.map { "\($0.name) \($0.count)" }) + "\n"
    }
    text += recordingText
    if let run { text += run.text }
    if !failures.isEmpty { text += "\nnot prepared:\n" + failures.map { "  \($0)\n" }.joined() }
    if !warnings.isEmpty {
      text += "\nwarnings:\n" + warnings.prefix(Self.mostListed).map { "  \($0)\n" }.joined()
      if warnings.count > Self.mostListed { text += "  and \(warnings.count - Self.mostListed) more: see --json\n" }
    }
    return text
  }

  private var channelText: String {
    guard !channels.isEmpty else { return "" }
    var table = TextTable(["channel", "sensor", "rate", "unit", "samples", "least", "greatest", "missing"])
    for channel in channels {
      let rate =
        channel.sampleRateHz.map { $0 > 0 ? "\(Self.plain($0)) Hz" : "unknown" }
        ?? channel.intervalSeconds.map { "about every \(Self.plain($0)) s" } ?? ""
      table.append([
        channel.name, channel.sensor?.rawValue ?? "unknown", rate, channel.unit, String(channel.samples),
        channel.minimum.map { Self.plain(Double($0)) } ?? "", channel.maximum.map { Self.plain(Double($0)) } ?? "",
        channel.missing > 0 ? String(channel.missing) : "",
      ])
    }
    return "\n" + table.text
  }

  private var mapText: String {
    guard let maps else { return "" }
    let rate = maps.framesPerSecond.map { ", \(Self.plain($0)) a second" } ?? ", single shots"
    return "\n\(maps.sensor.rawValue): \(counted(maps.frames, "frame")) of \(maps.rows) x \(maps.columns)\(rate), "
      + "values \(Self.plain(Double(maps.minimum))) to \(Self.plain(Double(maps.maximum)))\n"
  }

  private var arrayText: String {
    guard let array else { return "" }
    var text = "\nshape \(array.shape), type \(array.type)"
    if let minimum = array.minimum, let maximum = array.maximum, let mean = array.mean {
      text += ", values \(Self.plain(minimum)) to \(Self.plain(maximum)), mean \(Self.plain(mean))"
    }
    if array.notFinite > 0 { text += ", \(array.notFinite) not finite" }
    return text + "\n"
  }

  private var sensorText: String {
    guard !sensors.isEmpty else { return "" }
    guard sensors.contains(where: { $0.windows != nil }) else {
      return "sensors that it may hold: \(sensors.map(\.sensor.rawValue).joined(separator: ", "))\n"
    }
    var table = TextTable(["sensor", "channels", "rate", "window", "recordings", "windows", "valid"])
    for sensor in sensors {
      table.append([
        sensor.sensor.rawValue,
        sensor.channels.map { $0.unit.isEmpty ? $0.name : "\($0.name) (\($0.unit))" }.joined(separator: ", "),
        sensor.sampleRateHz.map { "\(Self.plain($0)) Hz" } ?? "",
        sensor.windowShape.map(String.init).joined(separator: " x "), sensor.recordings.map(String.init) ?? "",
        sensor.windows.map(String.init) ?? "", sensor.validWindows.map(String.init) ?? "",
      ])
    }
    return "\n" + table.text
  }

  private var recordingText: String {
    guard !recordings.isEmpty else { return "" }
    let subjects = Set(recordings.map(\.subject)).count
    var text = "\n\(counted(recordings.count, "recording")) of \(counted(subjects, "subject"))\n"
    guard recordings.contains(where: { $0.windows != nil }) else {
      return text + "  " + Self.listed(recordings.map(\.id)) + "\n"
    }
    var table = TextTable(["recording", "subject", "windows", "scored", "sensors"])
    for recording in recordings.prefix(Self.mostListed) {
      table.append([
        recording.id, recording.subject.id, recording.windows.map(String.init) ?? "",
        recording.scoredWindows.map(String.init) ?? "",
        recording.sensors.map(\.rawValue).joined(separator: ", "),
      ])
    }
    text += table.text
    if recordings.count > Self.mostListed { text += "and \(recordings.count - Self.mostListed) more: see --json\n" }
    return text
  }

  private static func listed(_ words: [String]) -> String {
    let shown = words.prefix(mostListed).joined(separator: ", ")
    return words.count > mostListed ? shown + " and \(words.count - mostListed) more" : shown
  }

  /// Up to five digits that count, no needless zeros.
  fileprivate static func plain(_ value: Double) -> String { String(format: "%.5g", value) }
}

extension LabelFacts {
  var text: String {
    let total = counts.map(\.count).reduce(0, +)
    let each = windowSeconds.map { " of \(String(format: "%g", $0)) s" } ?? ""
    var text = "\n\(kind.rawValue): \(counted(total, "label"))\(each)"
    if unscored > 0 { text += ", \(unscored) unscored" }
    text += "\n"
    for entry in counts {
      text += String(
        format: "  %@ %d (%.1f %%)\n", entry.name as NSString, entry.count, 100 * Double(entry.count) / Double(total))
    }
    return text
  }
}

extension RunFacts {
  var text: String {
    var text = ""
    for key in ["command", "date", "seed", "device", "threads", "libtorch"] {
      if let value = environment[key] { text += "  \(key): \(value)\n" }
    }
    if !metrics.isEmpty {
      text += "\nlast of \(counted(steps, "epoch")):\n"
      for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
        text += "  \(name): \(Facts.plain(value))\n"
      }
    }
    text += "\nrecipe:\n" + recipe.split(separator: "\n").map { "  \($0)\n" }.joined()
    text += report.map { "\nreport:\n\($0)" } ?? "\nno report: the run is not finished\n"
    return text + "\nfiles: \(files.joined(separator: ", "))\n"
  }
}
