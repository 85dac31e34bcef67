import Foundation
import Preparation
import Readers

extension Arguments {
  /// The card that `--card` names, or that of a data set; any EDF files without either.
  ///
  /// - Throws: ``UsageError`` for a data set that nobody knows, and for a card of another.
  func card(of dataset: String?) throws -> Card {
    guard let path = value("card") else {
      let name = dataset ?? "edf"
      let known = Card.names(in: try DataFolder.find("Datasets"))
      guard known.contains(name) else { throw UsageError.unknownName(kind: "data set", name, known: known) }
      return try Card(named: name)
    }
    let card = try Card(contentsOf: URL(fileURLWithPath: path))
    guard let dataset, ![card.name, card.dataset, card.reader].contains(dataset) else { return card }
    throw UsageError.badValue(
      option: "--card", found: path,
      expected:
        "a card of '\(dataset)'; this one is of '\(card.dataset)': name that, or say 'dataset: \(dataset)' in it")
  }
}
