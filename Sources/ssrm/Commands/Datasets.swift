import Corpora
import Foundation
import Metrics
import Preparation
import Readers
import SleepCore
import Streams

extension Command {
  static let datasets = Command(
    "datasets", .setup, "List the data sets that can be prepared, or tell of one",
    discussion: """
      A line a data set, from its card in Datasets: sensors, labels, people and who may have it. With a name, the card in words: \
      the folders it expects, whose recordings are, channels, stages, splits that others publish and whom to cite.
      """,
    operands: [Operand("name", "The name of one, to see its card in words.", isRequired: false)],
    options: [.flag("json", "Print the same as JSON.")],
    examples: [
      Example("List all data sets:", "ssrm datasets"),
      Example("What does one hold, and how must it lie?", "ssrm datasets shhs"),
    ]
  ) { arguments in
    let folder = try DataFolder.find("Datasets")
    let names = Card.names(in: folder)
    if let name = arguments.operands("name").first {
      guard names.contains(name) || name.contains("/") || name.hasSuffix(".yaml") else {
        throw UsageError.unknownName(kind: "data set", name, known: names)
      }
      let card = try Card(named: name, in: folder)
      if arguments.has("json") { return try JSONOutput.print(DatasetEntry(card)) }
      return try StandardOutput.write(CardInWords(card).text)
    }
    let entries = try names.map { DatasetEntry(try Card(named: $0, in: folder)) }
    if arguments.has("json") { return try JSONOutput.print(entries) }
    try StandardOutput.write(DatasetEntry.table(entries))
  }
}

/// What a card tells a user who looks for data.
private struct DatasetEntry: Encodable {
  let name: String
  let title: String
  let sensors: [Sensor]
  /// Those of them that are prepared only where they are asked for.
  let onRequest: [Sensor]
  let labels: LabelKind?
  let licence: String
  let citation: String
  let url: String
  let facts: DatasetFacts
  let canBeSynthesized: Bool

  init(_ card: Card) {
    name = card.name
    title = card.title
    sensors = Sensor.allCases.filter { card.preprocessing.sensors[$0] != nil }
    onRequest = sensors.filter { card.preprocessing.sensors[$0]?.onRequest == true }
    labels = card.labels
    licence = card.licence
    citation = card.citation
    url = card.url
    facts = card.facts
    canBeSynthesized = Command.synthesizable.contains(card.name)
  }

  /// With a word for those that must be asked for.
  private var sensorNames: [String] {
    sensors.map { $0.rawValue + (onRequest.contains($0) ? " (on request)" : "") }
  }

  static func table(_ entries: [DatasetEntry]) -> String {
    var table = TextTable(["name", "labels", "sensors"], words: [0, 1, 2])
    for entry in entries {
      let notes = [
        entry.title + (entry.facts.people.map { ": \($0)" } ?? ""),
        entry.facts.access ?? (entry.licence.isEmpty ? nil : entry.licence),
      ]
      table.append(
        [
          entry.name, entry.labels?.rawValue ?? "none", entry.sensorNames.joined(separator: ", "),
        ], notes: notes.compactMap(\.self))
    }
    return table.text(width: 80)
      + "\n'ssrm datasets NAME' tells the folders that one expects, its channels and whom to cite.\n"
  }
}

/// A card as one reads it.
private struct CardInWords {
  private let card: Card
  private static let width = 80

  init(_ card: Card) { self.card = card }

  var text: String {
    var parts: [(String, [String])] = []
    func add(_ heading: String, _ lines: [String?]) {
      let lines = lines.compactMap(\.self).filter { !$0.isEmpty }
      if !lines.isEmpty { parts.append((heading, lines)) }
    }
    let facts = card.facts
    add("people", [facts.people])
    add(
      "access",
      [facts.access, card.url.isEmpty ? nil : card.url, card.licence.isEmpty ? nil : "licence: \(card.licence)"])
    add("folders", facts.layout ?? [])
    add("files", files)
    add("whose they are", [owners, chosen, groups])
    add("labels", labels)
    add("windows", [windows])
    add("sensors", sensors)
    add("usual trimming", [facts.trimming])
    add("published splits", facts.splits ?? [])
    add("notes", [card.notes])
    add("read from", [facts.sources])
    add("not verified", [facts.unverified])
    add("cite", [card.citation])
    var text = "\(card.name): \(card.title)".lines(width: Self.width).map { $0 + "\n" }.joined()
    for (heading, lines) in parts {
      text += "\n\(heading)\n"
      for line in lines { text += line.lines(width: Self.width, indent: "  ").map { "\($0)\n" }.joined() }
    }
    let reader = card.reader == card.name ? "" : ", read as '\(card.reader)'"
    return text + "\nprepare\(reader)\n  ssrm prepare \(card.name) --raw FOLDER --out CORPUS\n"
  }

  private var files: [String] {
    (card.rules.files ?? [:]).sorted { $0.key < $1.key }.map { role, rule in
      "\(role): \(rule.path.joined(separator: ", else "))"
    }
  }

  private var owners: String? {
    if let pattern = card.rules.subject { return "subject by the pattern '\(pattern.pattern)'" }
    guard let files = card.rules.files else { return nil }
    let text = files.values.flatMap(\.path).joined()
    let named = ["subject", "session", "recording"].filter { text.contains("{\($0)") }
    return named.isEmpty
      ? nil
      : "\(named.joined(separator: ", ")) by the files' paths, at the places of \(named.map { "{\($0)}" }.joined(separator: ", "))"
  }

  private var chosen: String? {
    card.recordings.isEmpty
      ? nil : "recordings whose names begin with \(card.recordings.joined(separator: " or ")) alone"
  }

  private var groups: String? {
    card.rules.groups.map {
      "people of one '\($0.group)' in \($0.table), where '\($0.key)' is the subject, stand on one side of a split"
    }
  }

  private var labels: [String] {
    guard let kind = card.labels else { return ["none"] }
    let rules = card.rules.labels
    let words = (rules?.vocabulary ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) is \($0.value.rawValue)" }
    return [
      kind.rawValue + (rules?.format.map { ", written as \($0.rawValue)" } ?? "")
        + (rules?.windowSeconds.map { ", windows of \(short($0)) s" } ?? ""),
      rules?.files.map { "label files: \($0)" } ?? "", words.joined(separator: ", "),
    ]
  }

  private var windows: String {
    let settings = card.preprocessing
    var words = [settings.windowSeconds.map { "\(short($0)) s" } ?? "a frame each"]
    if let anchor = settings.anchor { words.append("counted from \(anchor.rawValue)") }
    if let minutes = settings.trimWakeMinutes {
      let middle = settings.trimWakeAround == .notWake ? "all that is not scored as wake" : "sleep"
      words.append("\(short(minutes)) min of wake on each side of \(middle) are scored")
    }
    return words.joined(separator: ", ")
  }

  private var sensors: [String] {
    Sensor.allCases.compactMap { sensor in
      guard let settings = card.preprocessing.sensors[sensor] else { return nil }
      var words: [String] = []
      if settings.onRequest == true { words.append("on request (--sensors \(sensor.rawValue))") }
      if settings.optional == true { words.append("where recorded") }
      if let rate = settings.sampleRateHz { words.append("\(short(rate)) Hz") }
      if let low = settings.highPassHz { words.append("from \(short(low)) Hz") }
      if let high = settings.lowPassHz { words.append("to \(short(high)) Hz") }
      if let kind = settings.resampling { words.append("resampled by \(kind.rawValue)") }
      if let width = settings.medianSamples { words.append("medians of \(width) samples") }
      if settings.normalisation == .window { words.append("each window standardised for itself") }
      if let unit = settings.unit { words.append("in \(unit)") }
      if let valid = settings.valid { words.append("within \(valid.map(short).joined(separator: " to "))") }
      let channels = (settings.channels ?? []).map { choice in
        choice.name + (choice.from.map { " of \($0.joined(separator: ", "))" } ?? "")
      }
      return "\(sensor.rawValue): \(words.joined(separator: ", "))"
        + (channels.isEmpty ? "" : (words.isEmpty ? "" : "; ") + channels.joined(separator: "; "))
    }
  }
}
