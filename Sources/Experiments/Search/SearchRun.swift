import Corpora
import Files
public import Foundation
import Metrics
import SleepCore
public import Training

/// `ssrm search`: the best values of each arm, chosen on people inside the training part of the recipe's first fold.
extension Comparison {
  /// Tries what is not tried yet, and writes a report and each arm's recipe with the chosen values. Nobody of the first fold's test
  /// people is read.
  ///
  /// - Parameter out: The search's folder; without it one that the recipe and the data alone determine, so that the same call goes on
  ///   with it.
  /// - Returns: The folder, with `report.txt`, `report.json` and `<arm>-<budget>.yaml`.
  /// - Throws: ``RecipeError`` for a recipe that searches nothing, ``Interrupted`` with every whole trial kept, ``Leak``, and what
  ///   trainings throw.
  public func search(out: URL?) throws -> (folder: RunFolder, text: String) {
    guard recipe.comparison.arms.contains(where: { trials(of: $0).count > 1 }) else {
      throw RecipeError(
        path: recipe.name, problem: "nothing to search",
        wanted: "'comparison.search' with 'trials' of 2 or more and 'values' such as "
          + "{finetuning.optimization.learning_rate: [0.001, 0.01]}")
    }
    let (split, folder) = try start(out, "search")
    let choices = try search(split, folds: 1, in: folder)
    for result in choices.results {
      guard var best = choices.recipe(arm: result.arm, budget: result.budget, fold: result.fold) else { continue }
      best.name = "\(recipe.name)-\(Cell.plain(result.arm))"
      best.comparison = ComparisonRecipe()
      try folder.write(best.text(), to: "\(Cell.plain(result.arm))-\(Cell.plain(result.budget)).yaml")
    }
    let told = try shortcutNotes(split).map { "\($0)\n" }.joined()
    let text = ([heading(split) + told] + choices.results.map { $0.text(recipe.comparison.measure) }).joined(
      separator: "\n")
    try folder.write(text, to: "report.txt")
    try JSONEncoder.report.encode(choices.results).writeWhole(to: folder.file("report.json"))
    return (folder, text)
  }

  private func heading(_ split: Split) -> String {
    let (fold, search) = (split.folds[0], recipe.comparison.search)
    return """
      \(recipe.name): \(corpus.index.title), searched on \(fold.train.count + fold.validation.count) people in \(search.folds) folds, \
      \(search.seeds) \(search.seeds == 1 ? "seed" : "seeds"); \(fold.test.count) more are left to test on

      """
  }
}

extension SearchResult {
  /// Every try with its score, the best first.
  fileprivate func text(_ measure: Score) -> String {
    var table = TextTable([measure.title, "values"], words: [0, 1])
    let order = tries.indices.sorted { left, right in
      (tries[left].score ?? -.infinity, -left) > (tries[right].score ?? -.infinity, -right)
    }
    for index in order {
      let values = tries[index].values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      table.append([
        tries[index].score.map { String(format: "%.3f", $0) } ?? "no number",
        (index == 0 ? "as written: " : "") + values.joined(separator: ", "),
      ])
    }
    return "\(arm), \(budget):\n" + table.text(width: 80)
  }
}
