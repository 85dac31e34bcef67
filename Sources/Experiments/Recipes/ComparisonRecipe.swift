import Corpora
public import Downstream
public import Metrics

/// What a recipe compares.
public struct ComparisonRecipe: Codable, Hashable, Sendable {
  public var arms: [Arm] = Arm.allCases
  /// As ``LabelBudget/name`` gives them: `1 subject`, `10 % of windows`, `30 min a subject`, `all`.
  public var budgets: [String] = ["all"]
  public var seeds: Int = 3
  /// What the differences between arms are of.
  public var measure: Score = .kappa
  /// Whether the probabilities of all test windows are kept, and ROC and precision-recall curves drawn of them.
  public var curves: Bool = false

  public init() {}
}

/// One way to come to a recogniser: a transfer protocol, or a baseline that needs no network.
public enum Arm: String, Codable, CaseIterable, Sendable, CodingKeyRepresentable {
  case scratch
  case frozen
  case fineTuned = "fine-tuned"
  case randomFrozen = "random-frozen"
  /// Always the commonest class.
  case majority
  /// The class that most often follows the previous window's true one. It is told that, which no recogniser is.
  case previous
  /// The time since the start of the recording alone.
  case clock
  /// Logistic regression on plain features of each window.
  case logistic

  /// `nil` of a baseline.
  public var transfer: TransferProtocol? { TransferProtocol(rawValue: rawValue) }
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
