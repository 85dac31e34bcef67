import Corpora
import Downstream
import Foundation
public import Metrics
import SleepCore

extension ComparisonTable {
  /// How one arm does on the people of one of several corpora that were joined.
  public struct AcrossRow: Codable, Sendable {
    public let arm: String
    public let budget: String
    /// The data sets whose people it was trained on.
    public let trainedOn: [String]
    /// The data set whose people it was tested on.
    public let testedOn: String
    public let subjects: Int
    /// The comparison's measure, over the data set's test windows together, mean over seeds; its interval by bootstrap over subjects.
    public let score: Estimate
  }

  private typealias Line = (name: [String], rows: [AcrossRow])

  /// An arm and budget each, in their order.
  private var acrossLines: [Line] {
    (across ?? []).reduce(into: []) { lines, row in
      let name = [row.budget, row.arm, row.trainedOn.joined(separator: " + ")]
      if lines.last?.name == name { lines[lines.count - 1].rows.append(row) } else { lines.append((name, [row])) }
    }
  }

  private var acrossHeading: [String] {
    let tested = (across ?? []).reduce(into: [String]()) { if !$0.contains($1.testedOn) { $0.append($1.testedOn) } }
    return ["budget", "arm", "trained on"] + tested.map { "\(measure.title) on \($0)" }
  }

  private func cells(_ line: Line) -> [String] {
    line.name + line.rows.map { "\(Self.words($0.score)), \(people($0.subjects))" }
  }

  /// The table of a terminal; empty of one corpus.
  var acrossText: String {
    guard across != nil else { return "" }
    var table = TextTable(acrossHeading)
    for line in acrossLines { table.append(cells(line)) }
    return "trained on x tested on:\n" + table.text
  }

  /// The same as lines of Markdown.
  var acrossMarkdown: [String] {
    guard across != nil else { return [] }
    return [
      "", "trained on x tested on:", "", markdownRow(acrossHeading), markdownRow(acrossHeading.map { _ in "---" }),
    ] + acrossLines.map { markdownRow(cells($0)) }
  }
}

extension Comparison {
  /// A row an arm that learns, budget and data set; `nil` of one corpus.
  func acrossRows(_ results: [CellResult], _ scheme: LabelScheme) throws -> [ComparisonTable.AcrossRow]? {
    let sources = corpus.index.sources
    guard sources.count > 1 else { return nil }
    return try recipe.comparison.budgets.flatMap { budget in
      try recipe.comparison.arms.filter { $0.transfer != nil }.flatMap { arm in
        let trainedOn = try training(of: arm).trainedOn ?? sources.datasets
        let cells = results.filter { $0.arm == arm.name && $0.budget == budget }
        guard !cells.isEmpty else { return [ComparisonTable.AcrossRow]() }
        return sources.map { source in
          let row = ComparisonTable.Row(
            cells.map { $0.keeping { sources.dataset(of: $0.id) == source.dataset } }, arm: arm.name, budget: budget,
            classes: scheme.classes.count, seed: recipe.seed)
          return ComparisonTable.AcrossRow(
            arm: arm.name, budget: budget, trainedOn: trainedOn, testedOn: source.dataset, subjects: row.subjects,
            score: row.scores[recipe.comparison.measure] ?? Estimate(value: nil, interval: nil))
        }
      }
    }
  }

  /// Checks that what arms are trained on is there.
  func checkDataSets() throws {
    for arm in recipe.comparison.arms {
      let own = try training(of: arm)
      try own.checkTrainedOn(corpus)
      guard own.trainedOn != nil, recipe.comparison.budgets != ["all"] else { continue }
      throw RecipeError(
        path: recipe.name,
        problem: "'trained_on' of '\(arm.name)' with 'comparison.budgets' of \(list(recipe.comparison.budgets))",
        wanted: "all: the people of a smaller budget are drawn from all data sets")
    }
  }
}

extension CellResult {
  /// The same cell, of fewer people.
  fileprivate func keeping(_ condition: (Subject) -> Bool) -> CellResult {
    CellResult(
      cell, labelledWindows: labelledWindows, seconds: seconds, subjects: subjects.filter { condition($0.key) })
  }
}
