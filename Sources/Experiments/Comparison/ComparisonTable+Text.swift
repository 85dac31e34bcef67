import Downstream
import Figures
import Foundation
import Metrics
import Training

extension ComparisonTable {
  /// Scores that tables show.
  private static let shown: [Score] = [.accuracy, .balancedAccuracy, .macroF1, .kappa, .matthewsCorrelation]

  /// For the terminal.
  public var text: String {
    var table = TextTable(["budget", "arm"] + Self.shown.map(\.title) + ["seeds", "labels", "s a cell"])
    for row in rows { table.append([row.budget, row.arm.rawValue] + cells(row)) }
    return heading + "\n\n" + table.text + "\n"
      + [differences, rankingText].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var heading: String {
    ([
      "\(recipe): \(dataset), \(scheme), \(split)",
      "\(measure.title) with its 95 % interval by bootstrap over subjects",
    ] + notes)
    .joined(separator: "\n")
  }

  private func cells(_ row: Row) -> [String] {
    Self.shown.map { score in
      let estimate = row.scores[score]
      return score == measure
        ? Self.words(estimate) : Self.words(estimate.map { Estimate(value: $0.value, interval: nil) })
    } + ["\(row.seeds)", String(format: "%.0f", row.labelledWindows), String(format: "%.1f", row.seconds)]
  }

  private static func words(_ estimate: Estimate?) -> String {
    guard let value = estimate?.value else { return "-" }
    let number = String(format: "%.3f", value)
    guard let interval = estimate?.interval else { return number }
    return number + String(format: " (%.3f to %.3f)", interval.lower, interval.upper)
  }

  /// Only pairs of arms that learn, each against each.
  private var differences: String {
    let learned = pairs.filter { $0.first.transfer != nil }
    guard !learned.isEmpty else { return "" }
    var table = TextTable([
      "budget", "difference in \(measure.title) a subject", "mean", "95 % interval", "Wilcoxon p", "subjects",
    ])
    for pair in learned {
      table.append([pair.budget, "\(pair.first.rawValue) - \(pair.second.rawValue)"] + numbers(pair))
    }
    return table.text
  }

  private func numbers(_ pair: Pair) -> [String] {
    [
      String(format: "%+.3f", pair.difference.mean),
      pair.difference.interval.map { String(format: "%+.3f to %+.3f", $0.lower, $0.upper) } ?? "-",
      String(format: "%.3g", pair.difference.wilcoxon.pValue),
      "\(pair.difference.differences.count)",
    ]
  }

  /// The same as a Markdown table.
  public var markdown: String {
    let columns = ["budget", "arm"] + Self.shown.map(\.title) + ["seeds", "labelled windows", "s a cell"]
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = heading.split(separator: "\n").map(String.init) + ["", line(columns), line(columns.map { _ in "---" })]
    lines += rows.map { line([$0.budget, $0.arm.rawValue] + cells($0)) }
    lines += [
      "", line(["budget", "difference in \(measure.title)", "mean", "95 % interval", "Wilcoxon p", "subjects"]),
      line([String](repeating: "---", count: 6)),
    ]
    lines += pairs.filter { $0.first.transfer != nil }.map {
      line([$0.budget, "\($0.first.rawValue) - \($0.second.rawValue)"] + numbers($0))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line a row, every score with its interval.
  public var csv: String {
    let scores = Score.allCases
    let head =
      ["budget", "arm", "seeds", "subjects", "labelled_windows", "seconds"]
      + scores.flatMap { ["\($0.rawValue)", "\($0.rawValue)_low", "\($0.rawValue)_high"] }
    let lines = rows.map { row in
      ([row.budget, row.arm.rawValue, "\(row.seeds)", "\(row.subjects)", "\(row.labelledWindows)", "\(row.seconds)"]
        + scores.flatMap { score -> [String] in
          let estimate = row.scores[score]
          return [estimate?.value, estimate?.interval?.lower, estimate?.interval?.upper].map {
            $0.map { "\($0)" } ?? ""
          }
        }).joined(separator: ",")
    }
    return ([head.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  /// Writes `report.txt`, `.md`, `.csv` and `.json`, and the label-efficiency figure where there is more than one budget.
  func write(to run: RunFolder) throws {
    try run.write(text, to: "report.txt")
    try run.write(markdown, to: "report.md")
    try run.write(csv, to: "report.csv")
    try JSONEncoder.report.encode(self).write(to: run.file("report.json"), options: .atomic)
    let budgets = rows.reduce(into: [String]()) { if !$0.contains($1.budget) { $0.append($1.budget) } }
    guard budgets.count > 1, let gnuplot = try? Gnuplot() else { return }
    let arms = rows.reduce(into: [Arm]()) { if !$0.contains($1.arm) { $0.append($1.arm) } }
    let lines = arms.map { arm in
      let own = rows.filter { $0.arm == arm && $0.scores[measure]?.value != nil }
      func values(_ value: (Row) -> Double?) -> [Double] { own.map { value($0) ?? $0.scores[measure]?.value ?? 0 } }
      return Figure.Arm(
        name: arm.rawValue, budgets: own.map { $0.labelledWindows.rounded() },
        values: values { $0.scores[measure]?.value },
        low: values { $0.scores[measure]?.interval?.lower }, high: values { $0.scores[measure]?.interval?.upper })
    }
    let figure = Figure.labelEfficiency(
      title: "\(recipe): \(dataset)", arms: lines, budgetLabel: "labelled windows", metricLabel: measure.title)
    for name in ["label-efficiency.png", "label-efficiency.svg"] {
      try figure.render(to: run.file(name), with: gnuplot)
    }
  }
}
