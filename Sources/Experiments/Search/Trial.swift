import Downstream
import SleepCore
import YAML

/// One try of a search: values that are put into an arm's recipe.
package struct Trial: Hashable, Sendable {
  /// In the order of the search's keys; empty of the recipe as it is.
  package let values: [SearchValues.Value]
  package let paths: [String]

  /// The recipe as it is.
  package static let asWritten = Trial(values: [], paths: [])

  func recipe(in recipe: Recipe) throws -> Recipe {
    paths.isEmpty ? recipe : try recipe.setting(zip(paths, values.map(\.node)).map { ($0, $1) })
  }

  /// So many different trials: the recipe as it is, then combinations of the candidates, drawn at random; all of them where there are fewer.
  ///
  /// They depend on the seed and on the values alone, so that arms with the same values try the same.
  package static func draw(_ count: Int, of values: SearchValues, seed: UInt64) -> [Trial] {
    let lines = values.lines
    guard !lines.isEmpty else { return [asWritten] }
    let paths = lines.map(\.path)
    // Counted as far as it matters: a product of many lists passes any number.
    let combinations = lines.reduce(1) { min($0 * $1.candidates.count, 1_000_000) }
    var random = RandomSource(seed: seed, for: "trials")
    var order: [[Int]] = []
    if combinations <= 10 * count {
      order = (0..<combinations).map { number in
        lines.reduce(into: (rest: number, chosen: [Int]())) { state, line in
          state.chosen.append(state.rest % line.candidates.count)
          state.rest /= line.candidates.count
        }.chosen
      }.shuffled(using: &random)
    } else {
      while order.count < count {
        let chosen = lines.map { Int.random(in: $0.candidates.indices, using: &random) }
        if !order.contains(chosen) { order.append(chosen) }
      }
    }
    let drawn = order.prefix(count - 1).map { chosen in
      Trial(values: zip(lines, chosen).map { $0.candidates[$1] }, paths: paths)
    }
    return [asWritten] + drawn
  }
}

extension Arm {
  /// - Throws: `YAMLError` where what it changes, or one of the values that are tried for it, is no recipe.
  func check(in recipe: Recipe) throws {
    let own = try self.recipe(in: recipe)
    for line in searched(recipe.comparison.search.values).lines {
      for candidate in line.candidates { _ = try own.setting([(line.path, candidate.node)]) }
    }
  }

  /// What is tried for it: the comparison's values that its training reads, and its own. A baseline tries nothing, and a published system
  /// only what is its own.
  package func searched(_ shared: SearchValues) -> SearchValues {
    guard let transfer else { return SearchValues() }
    let common = ownModel == nil ? shared.keeping { !transfer.ignores($0) } : SearchValues()
    return common.overlaid(by: search)
  }
}

extension TransferProtocol {
  /// Whether a training of this kind never reads a key of a recipe: another value of it would be the same trial again.
  fileprivate func ignores(_ path: String) -> Bool {
    func begins(_ keys: String...) -> Bool { keys.contains { path == $0 || path.hasPrefix("\($0).") } }
    if !isPretrained, begins("pretraining") { return true }
    if self != .fineTuned, begins("finetuning.encoder_rate", "finetuning.keeps_statistics") { return true }
    return self != .scratch && begins("finetuning.scratch_rate")
  }
}

extension Recipe {
  /// What the recipe says of some keys with dots, for tables; without those of which it says nothing.
  func words(of paths: [String]) throws -> [String: String] {
    let node = try YAMLEncoder().encode(self)
    return paths.reduce(into: [:]) { words, path in
      let found = path.split(separator: ".").reduce(Optional(node)) { $0?[String($1)] }
      words[path] = found.map { SearchValues.Value(node: $0).text }
    }
  }

  /// This recipe with some of its values changed, by their keys with dots.
  ///
  /// - Throws: `YAMLError` that says which key of the search it is, where what comes out is no recipe.
  func setting(_ values: [(path: String, value: Node)]) throws -> Recipe {
    var base = self
    base.comparison = ComparisonRecipe()
    var node = try YAMLEncoder().encode(base)
    for (path, value) in values {
      let words = "search of \(path)"
      guard !["comparison", "split", "seed", "name", "labels"].contains(String(path.prefix { $0 != "." })) else {
        throw YAMLError.override(
          words, problem: "found '\(path)' to search, which is the same for all arms, expected a key of the training")
      }
      node = try node.setting(path, to: value, origin: words)
    }
    var recipe = try YAMLDecoder().decode(Recipe.self, from: node)
    recipe.comparison = comparison
    return recipe
  }
}
