import Corpora
import Downstream
import Foundation
import Metrics
import SleepCore
import Training

extension ComparisonTable {
  /// How well one arm ranks the windows of each class.
  public struct Ranking: Codable, Sendable {
    public let arm: String
    public let budget: String
    public let classes: [RankingArea]
  }

  /// The areas under all curves, a table an arm and budget.
  var rankingText: String {
    rankings.map { "\($0.arm), \($0.budget): curves of each subject\n" + $0.classes.text }
      .joined(separator: "\n")
  }
}

extension Comparison {
  /// The areas of every arm and budget whose cells kept probabilities, and their curves as `roc-<arm>-<budget>.png` and
  /// `precision-recall-<arm>-<budget>.png`.
  func rankings(_ results: [CellResult], in folder: RunFolder) throws -> [ComparisonTable.Ranking] {
    guard recipe.comparison.curves else { return [] }
    let scheme = try recipe.scheme()
    let source = try corpus.source(recipe, subjects: corpus.subjects)
    var rankings: [ComparisonTable.Ranking] = []
    for budget in recipe.comparison.budgets {
      for arm in recipe.comparison.arms {
        let cells = results.filter { $0.arm == arm.name && $0.budget == budget }
        let seeds = try Dictionary(grouping: cells, by: \.seed).sorted { $0.key < $1.key }.map { _, cells in
          try cells.flatMap {
            try PredictionFile.read(folder.file($0.cell.predictions), source, scheme: scheme)
              .filter(\.isRanked)
          }
        }
        guard seeds.contains(where: { !$0.isEmpty }) else { continue }
        let curves = RankingCurves(seeds, classNames: scheme.classes)
        rankings.append(.init(arm: arm.name, budget: budget, classes: curves.areas(seed: recipe.seed)))
        let single = recipe.comparison.budgets.count == 1
        let suffix = single ? "" : "-" + Cell.plain(budget)
        try curves.draw(
          in: folder.url, suffix: "-\(Cell.plain(arm.name))\(suffix)",
          title:
            "\(recipe.name), \(arm.name)\(single ? "" : ", \(budget)")\(arm.shortcutsTaken(in: recipe).titleSuffix)")
      }
    }
    return rankings
  }
}
