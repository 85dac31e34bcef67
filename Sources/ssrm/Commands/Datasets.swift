import Preparation
import Corpora
import Foundation
import SleepCore
import Streams

extension Command {
  static let datasets = Command(
    "datasets", .setup, "List the data sets that can be prepared",
    discussion: "One paragraph a data set, from its card in Datasets: sensors, labels, licence and whom to cite.",
    options: [.flag("json", "Print the same as JSON.")],
    examples: [
      Example("List all data sets:", "ssrm datasets"),
      Example("Names and licences for another program:", "ssrm datasets --json"),
    ]
  ) { arguments in
    let folder = try DataFolder.find("Datasets")
    let entries = try Card.names(in: folder).map { DatasetEntry(try Card(named: $0, in: folder)) }
    if arguments.has("json") { return try JSONOutput.print(entries) }
    try StandardOutput.write(entries.map(\.text).joined(separator: "\n"))
  }
}

/// What a card tells a user who looks for data.
private struct DatasetEntry: Encodable {
  let name: String
  let title: String
  let sensors: [Sensor]
  let labels: LabelKind?
  let licence: String
  let citation: String
  let url: String
  let canBeSynthesized: Bool

  init(_ card: Card) {
    name = card.name
    title = card.title
    sensors = Sensor.allCases.filter { card.preprocessing.sensors[$0] != nil }
    labels = card.labels
    licence = card.licence
    citation = card.citation
    url = card.url
    canBeSynthesized = Command.synthesizable.contains(card.name)
  }

  var text: String {
    """
    \(name): \(title)
      sensors: \(sensors.map(\.rawValue).joined(separator: ", ")); labels: \(labels?.rawValue ?? "none")
      licence: \(licence)
      cite: \(citation)\(url.isEmpty ? "" : "\n  from: \(url)")

    """
  }
}
