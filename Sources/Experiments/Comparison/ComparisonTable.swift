import Corpora
import Foundation
public import Metrics
import SleepCore

/// What a comparison found: one row an arm and budget, and the difference of each pair of arms.
public struct ComparisonTable: Codable, Sendable {
  public struct Row: Codable, Sendable {
    public let arm: Arm
    public let budget: String
    public let seeds: Int
    public let subjects: Int
    /// Mean over folds and seeds.
    public let labelledWindows: Double
    /// Over all test windows together, mean over seeds; intervals by bootstrap over subjects.
    public let scores: [Score: Estimate]
    /// Of one cell.
    public let seconds: Double
  }

  public struct Pair: Codable, Sendable {
    public let budget: String
    public let first: Arm
    public let second: Arm
    /// First less second of the measure, one value a subject, mean over seeds.
    public let difference: PairedDifference
  }

  public let recipe: String
  public let dataset: String
  public let scheme: String
  public let split: String
  public let measure: Score
  public let notes: [String]
  public let rows: [Row]
  public let pairs: [Pair]
  /// Where the recipe asks for curves.
  public internal(set) var rankings: [Ranking] = []

  init(
    _ recipe: Recipe, scheme: LabelScheme, results: [CellResult], split: Split, dataset: String, notes: [String]
  ) throws {
    self.recipe = recipe.name
    self.dataset = dataset
    self.scheme = scheme.name
    self.split = split.scheme
    measure = recipe.comparison.measure
    self.notes = notes
    let (measure, comparison) = (recipe.comparison.measure, recipe.comparison)
    let grouped = Dictionary(grouping: results) { Key(arm: $0.arm, budget: $0.budget) }
    var random = RandomSource(seed: recipe.seed, for: "comparison bootstrap")
    rows = comparison.budgets.flatMap { budget in
      comparison.arms.compactMap { arm -> Row? in
        guard let cells = grouped[Key(arm: arm, budget: budget)] else { return nil }
        return Row(cells, arm: arm, budget: budget, classes: scheme.classes.count, random: &random)
      }
    }
    pairs = comparison.budgets.flatMap { budget in
      comparison.arms.indices.flatMap { i in
        comparison.arms.indices.filter { $0 > i }.compactMap { j -> Pair? in
          let (first, second) = (comparison.arms[i], comparison.arms[j])
          guard let a = grouped[Key(arm: first, budget: budget)], let b = grouped[Key(arm: second, budget: budget)]
          else {
            return nil
          }
          let (left, right) = (subjectMeans(a, measure), subjectMeans(b, measure))
          let people = Set(left.keys).intersection(right.keys).sorted()
          return PairedDifference(people.map { left[$0] }, people.map { right[$0] }, using: &random)
            .map { Pair(budget: budget, first: first, second: second, difference: $0) }
        }
      }
    }
  }

  private struct Key: Hashable {
    let arm: Arm
    let budget: String
  }
}

/// Each subject's own score, mean over seeds.
private func subjectMeans(_ cells: [CellResult], _ measure: Score) -> [Subject: Double] {
  var values: [Subject: [Double]] = [:]
  for cell in cells {
    for (subject, matrix) in cell.subjects {
      if let value = measure(matrix) { values[subject, default: []].append(value) }
    }
  }
  return values.mapValues { $0.reduce(0, +) / Double($0.count) }
}

extension ComparisonTable.Row {
  init(_ cells: [CellResult], arm: Arm, budget: String, classes: Int, random: inout RandomSource) {
    let seeds = Set(cells.map(\.seed)).sorted()
    let people = Set(cells.flatMap(\.subjects.keys)).sorted()
    let bySeed = seeds.map { seed in
      cells.filter { $0.seed == seed }.reduce(into: [Subject: ConfusionMatrix]()) { $0.merge($1.subjects) { $0 + $1 } }
    }
    func score(_ drawn: some Sequence<Int>) -> [Double?] {
      let drawn = Array(drawn)
      return Score.allCases.map { score in
        let values = bySeed.compactMap { matrices in
          score(
            drawn.reduce(into: ConfusionMatrix(classCount: classes)) { sum, index in
              if let matrix = matrices[people[index]] { sum += matrix }
            })
        }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
    }
    let intervals = Interval.bootstrap(count: people.count, draws: 1000, using: &random) { score($0) }
    let values = score(people.indices)
    self.init(
      arm: arm, budget: budget, seeds: seeds.count, subjects: people.count,
      labelledWindows: Double(cells.reduce(0) { $0 + $1.labelledWindows }) / Double(max(1, cells.count)),
      scores: Dictionary(
        uniqueKeysWithValues: Score.allCases.enumerated().map {
          ($1, Estimate(value: values[$0], interval: intervals[$0]))
        }),
      seconds: cells.reduce(0) { $0 + $1.seconds } / Double(max(1, cells.count)))
  }
}
