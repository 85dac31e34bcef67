import Foundation
import SleepCore
import YAML

/// A card's text laid over that of the card which it extends: `extends: shhs`.
///
/// Mappings are joined key by key, all else is replaced whole, and a key without a value takes away what stands there. The data set stays that of the
/// other card, whose name alone is looked for among the cards that are shipped: no path is followed.
struct ExtendedCard {
  /// The folder with a folder a data set; found by ``DataFolder`` where `nil`.
  let datasets: URL?

  /// - Returns: All that the card says, without the key.
  /// - Throws: ``YAML/YAMLError`` for a name that no card has, and for cards that extend each other.
  func node(_ own: Node, below names: [String] = []) throws -> Node {
    guard case .mapping(let entries) = own.value, let name = own["extends"] else { return own }
    let base = try extended(name, below: names)
    let rest = Node(.mapping(entries.filter { $0.key != "extends" }), origin: own.origin)
    return base.overlaid(by: rest, choices: []).withoutEmpty
  }

  private func extended(_ name: Node, below names: [String]) throws -> Node {
    let folder = try datasets ?? DataFolder.find("Datasets")
    let known = Card.names(in: folder)
    guard case .scalar(let scalar) = name.value, known.contains(scalar.text) else {
      let found = if case .scalar(let scalar) = name.value { scalar.text } else { "no name" }
      throw YAMLError.notOneOf(at: name.origin, name: "'extends'", found: found, allowed: known)
    }
    guard !names.contains(scalar.text) else {
      throw YAMLError.invalid(
        at: name.origin, name: "'extends'", found: "'\(scalar.text)'",
        reason: "cards extend each other in a circle, \((names + [scalar.text]).joined(separator: ", "))")
    }
    let file = folder.appendingPathComponent("\(scalar.text)/card.yaml")
    let node = try self.node(YAML.load(contentsOf: file), below: names + [scalar.text])
    guard node["dataset"] == nil, let dataset = node["name"] else { return node }
    return node.with("dataset", dataset)
  }
}

extension Node {
  /// The same without keys that have no value, at any depth of mappings.
  fileprivate var withoutEmpty: Node {
    guard case .mapping(let entries) = value else { return self }
    let rest = entries.filter { !$0.value.isNull }.map { entry in
      Entry(key: entry.key, origin: entry.origin, value: entry.value.withoutEmpty)
    }
    return Node(.mapping(rest), origin: origin)
  }
}
