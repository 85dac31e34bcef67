package import Figures
import Foundation
public import Metrics
import SleepCore

/// What the shortcuts of one arm are worth: how much better it scores than the honest arm with the same network.
public struct ShortcutWorth: Codable, Hashable, Sendable {
  public let arm: String
  public let budget: String
  /// The shortcuts in words.
  public let shortcuts: [String]
  /// The honest arm that it stands beside.
  public let honest: String
  /// This arm less the honest one in the comparison's measure, one value a person, mean over seeds.
  public let difference: PairedDifference
  /// Of the honest arm, and of this one, mean over the same people.
  public let honestMean: Double
  public let mean: Double
  /// What was done, at the beginning of a sentence.
  private let doing: String

  /// A sentence for the head of a report.
  func text(_ measure: Score) -> String {
    return "\(doing) \(shortcuts.count == 1 ? "is" : "together are") worth "
      + String(format: "%+.3f %@ a person", difference.mean, measure.title)
      + (difference.interval.map { String(format: " (95 %% %+.3f to %+.3f)", $0.lower, $0.upper) } ?? " (no interval)")
      + " with \(budget) labelled: \(arm) less \(honest), \(people(difference.differences.count))."
  }
}

extension ShortcutWorth {
  /// - Parameter values: Of an arm: each person's own measure.
  /// - Returns: `nil` where no honest arm has its network, or nobody has both values.
  init?(_ arm: Arm, in recipe: Recipe, budget: String, values: (_ arm: String) -> [Subject: Double]) throws {
    let taken = try arm.shortcutsTaken(in: recipe)
    guard let honest = try arm.honestRival(in: recipe) else { return nil }
    let (own, others) = (values(arm.name), values(honest.name))
    let people = Set(own.keys).intersection(others.keys).sorted()
    // Of its own, so that another arm moves no interval.
    var random = RandomSource(seed: recipe.seed, for: "shortcuts \(budget): \(arm.name) - \(honest.name)")
    guard
      let difference = PairedDifference(people.map { own[$0] }, people.map { others[$0] }, using: &random)
    else { return nil }
    func mean(_ values: [Subject: Double]) -> Double {
      people.reduce(0) { $0 + (values[$1] ?? 0) } / Double(people.count)
    }
    (self.arm, self.budget, self.honest, self.difference) = (arm.name, budget, honest.name, difference)
    shortcuts = taken.map(\.words)
    (self.mean, honestMean) = (mean(own), mean(others))
    let all = taken.map(\.doing)
    let sentence =
      all.count < 2 ? all.joined() : all.dropLast().joined(separator: ", ") + " and " + (all.last ?? "")
    doing = sentence.prefix(1).uppercased() + sentence.dropFirst()
  }
}

extension Arm {
  /// The arm without shortcuts that is this one in everything else; one whose network it has where there is none such.
  func honestRival(in recipe: Recipe) throws -> Arm? {
    let own = try self.recipe(in: recipe).honest
    let honest = try recipe.comparison.arms.filter { other in
      try other.kind == kind && other.shortcutsTaken(in: recipe).isEmpty
    }
    return try honest.first { try $0.weights == weights && $0.recipe(in: recipe).honest == own }
      ?? honest.first { other in
        let theirs = try other.recipe(in: recipe)
        return theirs.model == own.model && theirs.encoder == own.encoder && theirs.context == own.context
          && theirs.head == own.head && theirs.sensors == own.sensors
      }
  }
}

extension ComparisonTable {
  /// What each arm with shortcuts gains by them, a sentence each.
  var worthSentences: [String] { (worth ?? []).map { $0.text(measure) } }

  private static let worthColumns = [
    "budget", "arm", "what it takes", "worth a person", "95 % interval", "", "less the honest arm", "", "people",
  ]

  private var worthHeading: [String] {
    var titles = Self.worthColumns
    (titles[5], titles[7]) = (measure.title, "its \(measure.title)")
    return titles
  }

  private func cells(_ row: ShortcutWorth) -> [String] {
    [
      row.budget, row.arm, row.shortcuts.joined(separator: "; "), String(format: "%+.3f", row.difference.mean),
      row.difference.interval.map { String(format: "%+.3f to %+.3f", $0.lower, $0.upper) } ?? "-",
      String(format: "%.3f", row.mean), row.honest, String(format: "%.3f", row.honestMean),
      "\(row.difference.differences.count)",
    ]
  }

  /// The table of a terminal; empty of an honest comparison.
  var worthText: String {
    guard let worth, !worth.isEmpty else { return "" }
    var table = TextTable(worthHeading)
    for row in worth { table.append(cells(row)) }
    return "what each shortcut is worth, \(measure.title) a person:\n" + table.text
  }

  /// A bar an arm and budget; `nil` of an honest comparison.
  package var worthFigure: Figure? {
    guard let worth, !worth.isEmpty else { return nil }
    let budgets = Set(worth.map(\.budget)).count
    return .bars(
      title: "\(recipe): \(dataset), what each shortcut is worth",
      worth.map { row in
        (
          name: budgets > 1 ? "\(row.arm), \(row.budget)" : row.arm, value: row.difference.mean,
          interval: row.difference.interval.map { $0.lower...$0.upper }
        )
      }, valueLabel: "\(measure.title) a person, less the honest arm")
  }

  /// The same as lines of Markdown.
  var worthMarkdown: [String] {
    guard let worth, !worth.isEmpty else { return [] }
    return [
      "what each shortcut is worth, \(measure.title) a person:", "", markdownRow(worthHeading),
      markdownRow(worthHeading.map { _ in "---" }),
    ] + worth.map { markdownRow(cells($0)) } + [""]
  }
}
