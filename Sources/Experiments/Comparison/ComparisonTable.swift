import Corpora
import Foundation
public import Metrics
import SleepCore

/// What a comparison found: one row an arm and budget, and the difference of each pair of arms.
public struct ComparisonTable: Codable, Sendable {
  public struct Row: Codable, Sendable {
    public let arm: String
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
    public let first: String
    public let second: String
    /// First less second of the measure, one value a subject, mean over seeds.
    public let difference: PairedDifference
    /// Whether the recipe asks for it; `adjustedPValue` is then Holm's, over all that it asks.
    public let isAsked: Bool
    public internal(set) var adjustedPValue: Double?
  }

  public let recipe: String
  public let dataset: String
  public let scheme: String
  public let split: String
  public let measure: Score
  public let notes: [String]
  public let rows: [Row]
  /// The differences between arms of which one learns; those that the recipe asks for come first.
  public let pairs: [Pair]
  /// The arms that are told what no recogniser is: they stand apart.
  public let oracles: [String]
  /// Where the recipe asks for curves.
  public internal(set) var rankings: [Ranking] = []
  /// What the groups of grouped pretext tasks have in common with the labels.
  public internal(set) var coincidences: [String] = []
  /// What each pretrained arm that the recipe asks about is worth in labelled people; empty with fewer than two numbers of people,
  /// `nil` in a report of before.
  public let labelsSaved: [LabelsSaved]?
  /// What was tried and chosen inside each training part, where the recipe searches.
  public internal(set) var searched: [SearchResult]?
  /// How arms do with some of their sensors alone; `nil` where none takes windows without all of them.
  public internal(set) var subsets: [SubsetRow]?
  /// How arms do on each of several corpora that were joined; `nil` of one.
  public internal(set) var across: [AcrossRow]?
  /// The shortcuts of each arm that takes some, in words; `nil` of an honest comparison.
  public let shortcuts: [String: [String]]?
  /// What the shortcuts of each such arm are worth; `nil` of an honest comparison.
  public let worth: [ShortcutWorth]?

  init(
    _ recipe: Recipe, scheme: LabelScheme, results: [CellResult], split: Split, dataset: String, notes: [String]
  ) throws {
    self.recipe = recipe.name
    self.dataset = dataset
    self.scheme = scheme.name
    self.split = split.scheme
    measure = recipe.comparison.measure
    self.notes = notes
    let comparison = recipe.comparison
    let grouped = Dictionary(grouping: results) { Key(arm: $0.arm, budget: $0.budget) }
    rows = comparison.budgets.flatMap { budget in
      comparison.arms.compactMap { arm -> Row? in
        guard let cells = grouped[Key(arm: arm.name, budget: budget)] else { return nil }
        return Row(cells, arm: arm.name, budget: budget, classes: scheme.classes.count, seed: recipe.seed)
      }
    }
    oracles = comparison.arms.filter(\.isOracle).map(\.name)
    let taken = try Dictionary(
      uniqueKeysWithValues: comparison.arms.map { ($0.name, try $0.shortcutsTaken(in: recipe).map(\.words)) }
    ).filter { !$0.value.isEmpty }
    let taking = comparison.arms.filter { taken[$0.name] != nil }
    shortcuts = taken.isEmpty ? nil : taken
    worth =
      taking.isEmpty
      ? nil
      : try comparison.budgets.flatMap { budget in
        try taking.compactMap { arm in
          try ShortcutWorth(arm, in: recipe, budget: budget) {
            subjectMeans(grouped[Key(arm: $0, budget: budget)] ?? [], comparison.measure)
          }
        }
      }
    pairs = try Self.pairs(recipe, grouped)
    labelsSaved = try recipe.questions().compactMap { question in
      LabelsSaved(question, budgets: comparison.budgets, split: split, seed: recipe.seed) {
        subjectMeans(grouped[Key(arm: $0, budget: $1)] ?? [], comparison.measure)
      }
    }
  }

  private struct Key: Hashable {
    let arm: String
    let budget: String
  }

  /// The differences of the recipe's questions, then those of all other pairs of arms of which the first learns.
  private static func pairs(_ recipe: Recipe, _ cells: [Key: [CellResult]]) throws -> [Pair] {
    let (comparison, asked) = (recipe.comparison, try recipe.questions())
    let arms = comparison.arms.filter { !$0.isOracle }
    var others: [Question] = []
    for (position, arm) in arms.enumerated() where arm.transfer != nil {
      for other in arms.dropFirst(position + 1)
      where !asked.contains(where: { $0.isAbout(Question(arm, less: other)) }) {
        others.append(Question(arm, less: other))
      }
    }
    var pairs = (asked + others).flatMap { question -> [Pair] in
      comparison.budgets.compactMap { budget -> Pair? in
        let names = (question.first.name, question.second.name)
        guard let a = cells[Key(arm: names.0, budget: budget)], let b = cells[Key(arm: names.1, budget: budget)] else {
          return nil
        }
        let (left, right) = (subjectMeans(a, comparison.measure), subjectMeans(b, comparison.measure))
        let people = Set(left.keys).intersection(right.keys).sorted()
        // Of its own, so that another arm moves no interval.
        var random = RandomSource(seed: recipe.seed, for: "difference \(budget): \(question.text)")
        return PairedDifference(people.map { left[$0] }, people.map { right[$0] }, using: &random).map {
          Pair(
            budget: budget, first: names.0, second: names.1, difference: $0, isAsked: asked.contains(question),
            adjustedPValue: nil)
        }
      }
    }
    let questions = pairs.indices.filter { pairs[$0].isAsked }
    for (index, adjusted) in zip(questions, holm(questions.map { pairs[$0].difference.wilcoxon.pValue })) {
      pairs[index].adjustedPValue = adjusted
    }
    return pairs
  }
}

/// Each subject's own score, mean over seeds.
func subjectMeans(_ cells: [CellResult], _ measure: Score) -> [Subject: Double] {
  var values: [Subject: [Double]] = [:]
  for (_, own) in Dictionary(grouping: cells, by: \.seed).sorted(by: { $0.key < $1.key }) {
    // Where folds divide windows, a person is tested on in several.
    let people = own.reduce(into: [Subject: ConfusionMatrix]()) { $0.merge($1.subjects) { $0 + $1 } }
    for (subject, matrix) in people {
      if let value = measure(matrix) { values[subject, default: []].append(value) }
    }
  }
  return values.mapValues { $0.reduce(0, +) / Double($0.count) }
}

extension ComparisonTable.Row {
  init(_ cells: [CellResult], arm: String, budget: String, classes: Int, seed: UInt64) {
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
    // The same draws of people for all rows: a row has a stream of its own, and another arm moves no interval.
    var random = RandomSource(seed: seed, for: "comparison bootstrap")
    let intervals = Interval.bootstrap(
      count: people.count, draws: 1000, method: .expandedPercentile, using: &random
    ) { score($0) }
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
