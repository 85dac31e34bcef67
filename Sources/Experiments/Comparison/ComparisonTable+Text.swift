import Downstream
package import Figures
import Files
import Foundation
import Metrics
import SleepCore
import Training

extension ComparisonTable {
  /// Scores that tables show.
  private static let shown: [Score] = [.accuracy, .balancedAccuracy, .macroF1, .kappa, .matthewsCorrelation]

  /// For the terminal.
  public var text: String {
    ([
      heading, worthText, Self.text(rows.filter { !oracles.contains($0.arm) }, columns(Self.shown)), oracleText,
      acrossText,
      differences,
      subsetText, searchText,
    ]
      + [coincidences.joined(separator: "\n"), rankingText])
      .filter { !$0.isEmpty }.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined(separator: "\n")
  }

  /// The answer, what was compared, and what must be known of it.
  private var heading: String {
    (worthSentences + answers + (labelsSaved ?? []).map(\.text) + [
      "",
      "\(recipe)\(shortcuts == nil ? "" : " (some arms take shortcuts)"): \(dataset), \(scheme), \(split)",
      "\(measure.title) with its 95 % interval by bootstrap over subjects",
    ] + notes)
    .joined(separator: "\n")
  }

  /// What the comparison found, one sentence a question that it asks and budget.
  var answers: [String] {
    let asked = pairs.filter(\.isAsked)
    if asked.isEmpty, worth?.isEmpty == false { return [] }
    guard !asked.isEmpty else {
      guard let best = rows.filter({ !oracles.contains($0.arm) }).max(by: { ($0.value(measure)) < ($1.value(measure)) })
      else { return ["nothing was compared"] }
      return [
        "Nothing was asked, as no pretrained arm stands beside one from scratch; the best \(measure.title) is that of \(best.arm) with "
          + "\(best.budget): \(String(format: "%.3f", best.value(measure)))."
      ]
    }
    guard asked.count > Self.mostSentences else { return asked.map { sentence($0, of: asked.count) } }
    let (better, worse) = (asked.filter { $0.sign > 0 }, asked.filter { $0.sign < 0 })
    let largest = asked.max { $0.difference.mean < $1.difference.mean }
    return [
      "Of \(asked.count) questions, \(better.count) show a gain, \(worse.count) a loss, and "
        + "\(asked.count - better.count - worse.count) no difference. The largest:"
    ] + (largest.map { [sentence($0, of: asked.count)] } ?? [])
  }

  /// More questions than these are summed up.
  private static let mostSentences = 4

  private func sentence(_ pair: Pair, of questions: Int) -> String {
    let difference = pair.difference
    let count = questions == 1 ? "the only question" : "Holm's over \(questions) questions"
    let numbers =
      String(format: "%+.3f %@ a person", difference.mean, measure.title)
      + (difference.interval.map { String(format: " (95 %% %+.3f to %+.3f", $0.lower, $0.upper) } ?? " (no interval")
      + String(format: "; p %.2g, \(count))", pair.adjustedPValue ?? difference.wilcoxon.pValue)
    let verdict = pair.sign > 0 ? "is better than" : pair.sign < 0 ? "is worse than" : "shows no difference from"
    return
      "With \(pair.budget) labelled, \(pair.first) \(verdict) \(pair.second): \(numbers), \(people(difference.differences.count))."
  }

  /// An arm in a table, which says where it takes shortcuts.
  func named(_ arm: String) -> String { shortcuts?[arm] == nil ? arm : "\(arm) (shortcut)" }

  private func named(_ pair: Pair) -> String { "\(named(pair.first)) - \(named(pair.second))" }

  private typealias Column = (title: String, cell: (Row) -> String)

  private func columns(_ scores: [Score]) -> [Column] {
    [("budget", \.budget), ("arm", { self.named($0.arm) })]
      + scores.map { score in
        (
          score.title,
          { row in
            let estimate = row.scores[score]
            return score == measure
              ? Self.words(estimate) : Self.words(estimate.map { Estimate(value: $0.value, interval: nil) })
          }
        )
      } + [
        ("seeds", { "\($0.seeds)" }), ("labels", { String(format: "%.0f", $0.labelledWindows) }),
        ("s a cell", { String(format: "%.1f", $0.seconds) }),
      ]
  }

  private static func text(_ rows: [Row], _ columns: [Column]) -> String {
    var table = TextTable(columns.map(\.title))
    for row in rows { table.append(columns.map { $0.cell(row) }) }
    return table.text
  }

  /// The rows of those who are told what no recogniser is.
  private var oracleText: String {
    let told = rows.filter { oracles.contains($0.arm) }
    guard !told.isEmpty else { return "" }
    return "told the true label before each window, as no recogniser is:\n" + Self.text(told, columns(Self.shown))
  }

  static func words(_ estimate: Estimate?) -> String {
    guard let value = estimate?.value else { return "-" }
    let number = String(format: "%.3f", value)
    guard let interval = estimate?.interval else { return number }
    return number + String(format: " (%.3f to %.3f)", interval.lower, interval.upper)
  }

  private static let differenceColumns = ["mean", "95 % interval", "Wilcoxon p", "Holm's p", "subjects"]

  /// The most pairs that nobody asked for and a report still shows; where there are more, it says where they are.
  private static let mostPairs = 12

  /// What the recipe asks, and then every other pair where these are not too many.
  private var differenceTables: [(title: String, pairs: [Pair])] {
    let others = pairs.filter { !$0.isAsked }
    return [("asked", pairs.filter(\.isAsked)), ("not asked", others.count > Self.mostPairs ? [] : others)]
      .filter { !$1.isEmpty }
  }

  /// Where the pairs are that no table shows.
  private var otherPairs: [String] {
    let count = pairs.filter { !$0.isAsked }.count
    return count > Self.mostPairs ? ["\(count) more differences between arms, not asked: report.json"] : []
  }

  private var differences: String {
    (differenceTables.map { title, pairs in
      var table = TextTable(["budget", "\(title): difference in \(measure.title) a subject"] + Self.differenceColumns)
      for pair in pairs { table.append([pair.budget, named(pair)] + numbers(pair)) }
      return table.text
    } + otherPairs).joined(separator: "\n")
  }

  private func numbers(_ pair: Pair) -> [String] {
    [
      String(format: "%+.3f", pair.difference.mean),
      pair.difference.interval.map { String(format: "%+.3f to %+.3f", $0.lower, $0.upper) } ?? "-",
      String(format: "%.3g", pair.difference.wilcoxon.pValue),
      pair.adjustedPValue.map { String(format: "%.3g", $0) } ?? "-",
      "\(pair.difference.differences.count)",
    ]
  }

  /// The same as Markdown tables.
  public var markdown: String {
    let columns = columns(Self.shown)
    func table(_ rows: [Row]) -> [String] {
      [markdownRow(columns.map(\.title)), markdownRow(columns.map { _ in "---" })]
        + rows.map { row in markdownRow(columns.map { $0.cell(row) }) }
    }
    var lines = heading.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) + [""]
    lines += worthMarkdown
    lines += table(rows.filter { !oracles.contains($0.arm) })
    let told = rows.filter { oracles.contains($0.arm) }
    if !told.isEmpty {
      lines += ["", "told the true label before each window, as no recogniser is:", ""] + table(told)
    }
    lines += acrossMarkdown
    for (title, pairs) in differenceTables {
      let titles = ["budget", "\(title): difference in \(measure.title)"] + Self.differenceColumns
      lines += ["", markdownRow(titles), markdownRow(titles.map { _ in "---" })]
      lines += pairs.map { markdownRow([$0.budget, named($0)] + numbers($0)) }
    }
    if let searchHeading {
      let titles = ["budget", "arm", "key", "chosen in folds"]
      lines +=
        ["", searchHeading, "", markdownRow(titles), markdownRow(titles.map { _ in "---" })]
        + searchRows.map(markdownRow)
    }
    lines += subsetMarkdown
    for said in [otherPairs, coincidences] where !said.isEmpty { lines += [""] + said }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line a row, every score with its interval.
  public var csv: String {
    let scores = Score.allCases
    let head =
      ["budget", "arm", "seeds", "subjects", "labelled_windows", "seconds"]
      + scores.flatMap { ["\($0.rawValue)", "\($0.rawValue)_low", "\($0.rawValue)_high"] }
      + (shortcuts == nil ? [] : ["shortcuts"])
    let lines = rows.map { row in
      [row.budget, row.arm, "\(row.seeds)", "\(row.subjects)", "\(row.labelledWindows)", "\(row.seconds)"]
        + scores.flatMap { score -> [String] in
          let estimate = row.scores[score]
          return [estimate?.value, estimate?.interval?.lower, estimate?.interval?.upper].map {
            $0.map { "\($0)" } ?? ""
          }
        } + (shortcuts.map { [($0[row.arm] ?? []).joined(separator: "; ")] } ?? [])
    }
    return ([head] + lines).map { CSV.line($0) }.joined()
  }

  /// Writes `report.txt`, `.md`, `.csv` and `.json`, the label-efficiency figure where there is more than one budget, and the figure of
  /// shortcuts where there are any.
  func write(to run: RunFolder) throws {
    try run.write(text, to: "report.txt")
    try run.write(markdown, to: "report.md")
    try run.write(csv, to: "report.csv")
    try JSONEncoder.report.encode(self).writeWhole(to: run.file("report.json"))
    for (name, figure) in [("label-efficiency", figure), ("shortcuts", worthFigure)] {
      for kind in ["png", "svg"] { try figure?.accompany(run.file("\(name).\(kind)")) }
    }
  }

  /// The measure against the labels, below the report's first answer; `nil` of one budget alone.
  package var figure: Figure? {
    guard Set(rows.map(\.budget)).count > 1 else { return nil }
    let arms = rows.reduce(into: [String]()) { if !$0.contains($1.arm) { $0.append($1.arm) } }
    let lines = arms.filter { !oracles.contains($0) }.map { arm in
      let own = rows.filter { $0.arm == arm && $0.scores[measure]?.value != nil }
      func values(_ value: (Row) -> Double?) -> [Double] { own.map { value($0) ?? $0.scores[measure]?.value ?? 0 } }
      return Figure.Arm(
        name: named(arm), budgets: own.map { $0.labelledWindows.rounded() },
        values: values { $0.scores[measure]?.value },
        low: values { $0.scores[measure]?.interval?.lower }, high: values { $0.scores[measure]?.interval?.upper })
    }
    return .labelEfficiency(
      title: "\(recipe)\(shortcuts == nil ? "" : " (some arms take shortcuts)"): \(dataset)",
      subtitle: worthSentences.first ?? labelsSaved?.first?.text ?? answers.first, arms: lines,
      budgetLabel: "labelled windows",
      metricLabel: measure.title)
  }
}

extension ComparisonTable.Pair {
  /// 1 of a gain, -1 of a loss, 0 where the interval holds 0 or there is none.
  fileprivate var sign: Int {
    switch difference.interval {
    case let interval? where interval.lower > 0: 1
    case let interval? where interval.upper < 0: -1
    default: 0
    }
  }
}

extension ComparisonTable.Row {
  /// A score; the least number where it is not defined.
  fileprivate func value(_ score: Score) -> Double { scores[score]?.value ?? -.infinity }
}

/// `1 person`, `8 people`.
func people(_ count: Int) -> String { "\(count) \(count == 1 ? "person" : "people")" }

/// A line of a Markdown table: what stands in a cell ends neither the cell nor the line.
func markdownRow(_ cells: [String]) -> String {
  "| " + cells.map { $0.visibleLine.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
}
