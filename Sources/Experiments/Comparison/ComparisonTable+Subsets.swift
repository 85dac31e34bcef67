import Foundation
public import Metrics
import SleepCore

extension ComparisonTable {
  /// How one arm does with some of its sensors alone.
  public struct SubsetRow: Codable, Sendable {
    public let arm: String
    public let budget: String
    /// `heart-rate + activity`.
    public let sensors: String
    public let subjects: Int
    /// Scored windows that one of the sensors measured, of one seed.
    public let windows: Int
    /// The comparison's measure, over all test windows together, mean over seeds; its interval by bootstrap over subjects.
    public let score: Estimate
    /// The arm whose network was trained on these sensors, all of them always there; `nil` without one.
    public let rival: String?
    /// This less that arm, one value a subject, mean over seeds.
    public let difference: PairedDifference?
  }

  private static let subsetColumns = [
    "budget", "arm", "with these sensors alone", "", "windows", "less the arm", "mean a subject", "95 % interval",
  ]

  private func cells(_ row: SubsetRow) -> [String] {
    [
      row.budget, row.arm, row.sensors, Self.words(row.score), "\(row.windows)", row.rival ?? "-",
      row.difference.map { String(format: "%+.3f", $0.mean) } ?? "-",
      row.difference?.interval.map { String(format: "%+.3f to %+.3f", $0.lower, $0.upper) } ?? "-",
    ]
  }

  private var subsetHeading: [String] { Self.subsetColumns.map { $0.isEmpty ? measure.title : $0 } }

  /// The table of a terminal; empty without rows.
  var subsetText: String {
    guard let subsets, !subsets.isEmpty else { return "" }
    var table = TextTable(subsetHeading)
    for row in subsets { table.append(cells(row)) }
    return "with a sensor missing:\n" + table.text
  }

  /// The same as lines of Markdown.
  var subsetMarkdown: [String] {
    guard let subsets, !subsets.isEmpty else { return [] }
    return [
      "", "with a sensor missing:", "", markdownRow(subsetHeading), markdownRow(subsetHeading.map { _ in "---" }),
    ]
      + subsets.map { markdownRow(cells($0)) }
  }
}

extension ComparisonTable.SubsetRow {
  /// - Parameters:
  ///   - cells: Of one arm and budget, with these sensors alone; at least one.
  ///   - rival: Those of the arm that was trained on these sensors alone; empty without one.
  init(
    _ cells: [CellResult], _ sensors: String, rival: [CellResult], measure: Score, classes: Int, seed: UInt64
  ) {
    (arm, budget) = (cells[0].arm, cells[0].budget)
    self.sensors = sensors
    let row = ComparisonTable.Row(cells, arm: arm, budget: budget, classes: classes, seed: seed)
    subjects = row.subjects
    windows = cells.filter { $0.seed == cells[0].seed }
      .reduce(0) { $0 + $1.subjects.values.reduce(0) { $0 + $1.total } }
    score = row.scores[measure] ?? Estimate(value: nil, interval: nil)
    self.rival = rival.first?.arm
    let (left, right) = (subjectMeans(cells, measure), subjectMeans(rival, measure))
    let people = Set(left.keys).intersection(right.keys).sorted()
    // Of its own, so that another row moves no interval.
    var random = RandomSource(seed: seed, for: "subset \(budget): \(arm), \(sensors)")
    difference =
      people.isEmpty
      ? nil : PairedDifference(people.map { left[$0] }, people.map { right[$0] }, using: &random)
  }
}
