import Foundation
import SleepCore

extension ClassificationReport {
  /// As tables for the terminal. What is not defined is `-`.
  public var text: String {
    var sections = (shortcuts ?? []).isEmpty ? [] : [Self.told(shortcuts ?? []) + "\n"]
    sections += [
      "\(scheme): \(confusion.total) scored windows of \(subjects.count) \(subjects.count == 1 ? "subject" : "subjects")\n",
      scoreTable, classTable,
      "confusion, rows true, columns predicted, windows\n" + table(of: confusion.rows.map { $0.map(String.init) }),
      "confusion, per cent of each true class\n"
        + table(of: confusion.rowPercent.map { $0.map { $0.map { number($0, digits: 1) } } ?? empty }),
      subjectTable,
    ]
    if !nightScores.isEmpty { sections.append(nightTable) }
    if !sleepErrors.isEmpty { sections.append(sleepTable) }
    if let subsets { sections.append(subsetTable(subsets)) }
    return sections.joined(separator: "\n")
  }

  /// What a report says of the shortcuts that were taken, in one line.
  public static func told(_ shortcuts: [String]) -> String {
    "with shortcuts, which no honest protocol takes: \(shortcuts.joined(separator: "; "))"
  }

  private var empty: [String] { classes.map { _ in "-" } }

  private var scoreTable: String {
    var table = TextTable(["score", "pooled", "95 % interval", "mean of subjects", "95 % interval"])
    for score in Score.allCases {
      table.append([score.title] + cells(pooled[score]) + cells(subjectMeans[score]))
    }
    return table.text + "micro-F1 is the accuracy: each window has one label and one prediction\n"
  }

  private var classTable: String {
    var table = TextTable(["class", "windows", "precision", "recall", "F1"])
    for (scores, predicted) in zip(classes, confusion.predictedCounts) {
      let occurs = scores.support + predicted > 0
      let cells = [scores.precision, scores.recall, scores.f1].map { occurs ? number($0) : "-" }
      table.append([scores.name, String(scores.support)] + cells)
    }
    return table.text
  }

  private func table(of cells: [[String]]) -> String {
    var table = TextTable([""] + classes.map(\.name))
    for (scores, row) in zip(classes, cells) { table.append([scores.name] + row) }
    return table.text
  }

  private var subjectTable: String {
    let shown: [Score] = [.accuracy, .balancedAccuracy, .macroF1, .kappa, .matthewsCorrelation]
    var table = TextTable(["subject", "windows"] + shown.map(\.title))
    for subject in subjects {
      table.append(
        [subject.subject.id, String(subject.confusion.total)] + shown.map { number(subject.scores[$0]) })
    }
    return table.text
  }

  private var nightTable: String {
    var table = TextTable(["score", "pooled", "nights", "mean of nights", "deviation"])
    for score in Score.allCases {
      guard let night = nightScores[score] else { continue }
      table.append([
        score.title, number(pooled[score]?.value), "\(night.nights)", number(night.mean), number(night.deviation),
      ])
    }
    return table.text
  }

  private var sleepTable: String {
    var table = TextTable(["predicted less true", "nights", "mean", "95 % interval", "mean size"])
    for measure in SleepMeasure.allCases {
      guard let summary = sleepErrors[measure] else { continue }
      let digits = measure == .sleepEfficiency ? 3 : 1
      table.append(
        [measure.title, String(summary.nights)] + cells(summary.bias, digits: digits)
          + [number(summary.meanAbsoluteError, digits: digits)])
    }
    return table.text
  }

  private func subsetTable(_ subsets: [SubsetScores]) -> String {
    let shown: [Score] = [.accuracy, .macroF1, .kappa]
    var table = TextTable(
      ["with these sensors alone", "windows", "subjects"] + shown.flatMap { [$0.title, "95 % interval"] })
    for subset in subsets {
      table.append(
        [subset.sensors, "\(subset.windows)", "\(subset.subjects)"] + shown.flatMap { cells(subset.scores[$0]) })
    }
    return table.text
  }

  private func cells(_ estimate: Estimate?, digits: Int = 3) -> [String] {
    let interval = estimate?.interval
    return [
      number(estimate?.value, digits: digits),
      interval.map { "\(number($0.lower, digits: digits)) to \(number($0.upper, digits: digits))" } ?? "-",
    ]
  }

  private func number(_ value: Double?, digits: Int = 3) -> String {
    guard let value, value.isFinite else { return "-" }
    let text = String(format: "%.\(digits)f", value)
    return text.hasPrefix("-") && !text.contains(where: { "123456789".contains($0) }) ? String(text.dropFirst()) : text
  }
}
