public import SleepCore
package import YAML

/// What a comparison tries for each arm on people inside each training part, before it tests anything.
///
/// Every arm gets the same number of trials, folds and seeds; the first trial is the recipe as it is.
public struct SearchRecipe: Settings {
  /// Trials of each arm, budget and fold; 0 searches nothing.
  public var trials: Int = 0
  /// The folds that each training part is divided into: each trial is trained and measured on all of them.
  public var folds: Int = 2
  /// Draws of the labelled people, and of the weights, in each of these folds.
  public var seeds: Int = 1
  /// What is tried: the keys of a recipe, with dots, and for each a list of values. An arm adds its own, or replaces these.
  public var values: SearchValues = .init()

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .trials: .whole(0...1000),
      .folds: .whole(2...100),
      .seeds: .whole(1...100),
    ])

  public var conflict: Misfit? {
    if trials == 0, !values.isEmpty {
      return Misfit("trials", with: ["values"], is: "0 with 'values' to try", expected: "at least 2 trials")
    }
    if trials == 1 {
      return Misfit("trials", is: "1", expected: "0, or at least 2: the first trial is the recipe as it is")
    }
    return nil
  }

  /// Whether anything is searched.
  var isOn: Bool { trials > 0 }

  public init() {}
}

/// Keys of a recipe, with dots between them, and the values that are tried for each.
public struct SearchValues: Codable, Hashable, Sendable {
  /// One key of a recipe and its candidates.
  package struct Line: Hashable, Sendable {
    /// As `finetuning.optimization.learning_rate`.
    package let path: String
    package let candidates: [Value]
  }

  /// One candidate, equal by what it says.
  package struct Value: Hashable, Sendable {
    package let node: Node

    /// On one line, for tables and files.
    var text: String {
      let text = node.text
      return (text.hasSuffix("\n") ? String(text.dropLast()) : text).replacing("\n", with: "; ")
    }

    package static func == (left: Value, right: Value) -> Bool { left.node == right.node }
    package func hash(into hasher: inout Hasher) { hasher.combine(node.text) }
  }

  package private(set) var lines: [Line] = []

  package init() {}

  var isEmpty: Bool { lines.isEmpty }

  /// These with another's over them; one without candidates takes its key away.
  func overlaid(by other: SearchValues) -> SearchValues {
    var result = self
    for line in other.lines {
      if let index = result.lines.firstIndex(where: { $0.path == line.path }) {
        result.lines[index] = line
      } else {
        result.lines.append(line)
      }
    }
    result.lines.removeAll { $0.candidates.isEmpty }
    return result
  }

  /// Only the keys that a condition likes.
  func keeping(_ condition: (String) -> Bool) -> SearchValues {
    var result = self
    result.lines = lines.filter { condition($0.path) }
    return result
  }

  public init(from decoder: any Decoder) throws {
    let node = try decoder.singleValueContainer().decode(Node.self)
    guard case .mapping(let entries) = node.value else {
      throw Misfit("", is: "no mapping", expected: "keys of the recipe, as 'finetuning.epochs: [10, 20]'")
    }
    lines = try entries.map { entry in
      guard case .sequence(let nodes) = entry.value.value else {
        throw Misfit(entry.key, is: "no list", expected: "a list of values to try, as [0.001, 0.01]")
      }
      return Line(path: entry.key, candidates: nodes.map { Value(node: $0) })
    }
  }

  public func encode(to encoder: any Encoder) throws {
    let entries = lines.map { Node.Entry(key: $0.path, value: Node(.sequence($0.candidates.map(\.node)))) }
    var container = encoder.singleValueContainer()
    try container.encode(Node(.mapping(entries)))
  }
}
