import Corpora
public import Metrics

/// What a recipe compares.
public struct ComparisonRecipe: Codable, Hashable, Sendable {
  /// Protocols, baselines, and published systems by their names.
  public var arms: [Arm] = Arm.standard
  /// As ``LabelBudget/name`` gives them: `1 subject`, `10 % of windows`, `30 min a subject`, `all`.
  public var budgets: [String] = ["all"]
  public var seeds: Int = 3
  /// What the differences between arms are of.
  public var measure: Score = .kappa
  /// Whether the probabilities of all test windows are kept, and ROC and precision-recall curves drawn of them.
  public var curves: Bool = false

  public init() {}
}

extension LabelBudget {
  /// - Parameter name: As ``name`` gives it.
  /// - Throws: ``RecipeError``.
  init(named name: String, path: String) throws {
    let words = name.split(separator: " ").map(String.init)
    let number = words.first.flatMap(Double.init)
    switch (number, words.dropFirst().joined(separator: " ")) {
    case (nil, "") where name == "all": self = .all
    case (let count?, "subject") where count == 1: self = .subjects(1)
    case (let count?, "subjects") where count >= 1 && count == count.rounded(): self = .subjects(Int(count))
    case (let share?, "% of windows"): self = .windowShare(share / 100)
    case (let minutes?, "min a subject"): self = .minutesPerSubject(minutes)
    default:
      throw RecipeError(
        path: path, problem: "the budget '\(name)'",
        wanted: "'all', '4 subjects', '10 % of windows' or '30 min a subject'")
    }
  }
}
