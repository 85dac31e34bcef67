import Corpora
public import Metrics
public import SleepCore

/// What a recipe compares.
public struct ComparisonRecipe: Settings {
  /// Blocks, or names of protocols, baselines and published systems.
  public var arms: [Arm] = Arm.standard
  /// As ``LabelBudget/name`` gives them: `1 subject`, `10 % of windows`, `30 min a subject`, `all`.
  public var budgets: [String] = ["all"]
  public var seeds: Int = 3
  /// Which of several corpora are divided into folds, trained on with labels and tested on.
  public var labelled: Labelled = .first
  /// What the differences between arms are of.
  public var measure: Score = .kappa
  /// The differences that p values are corrected over, as `fine-tuned - scratch`; where empty each pretrained arm less the one from
  /// scratch whose network it has.
  public var questions: [String] = []
  /// What is tried for each arm on people inside each training part, before anything is tested; nothing by default.
  public var search: SearchRecipe = .init()
  /// Whether the probabilities of all test windows are kept, and ROC and precision-recall curves drawn of them.
  public var curves: Bool = false

  public enum Labelled: String, Codable, CaseIterable, Sendable {
    /// The first; pretraining sees the others too.
    case first
    /// All, joined, each with folds of its own.
    case all
  }

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .seeds: .whole(1...10_000)
    ])

  public static let items = ["arms": "arm"]

  public var conflict: Misfit? {
    if let index = budgets.firstIndex(where: { LabelBudget(named: $0) == nil }) {
      return Misfit("budgets.\(index)", is: "'\(budgets[index])'", expected: LabelBudget.names)
    }
    for (index, arm) in arms.enumerated() {
      guard let other = arms.prefix(index).firstIndex(where: { $0.name == arm.name }) else { continue }
      return Misfit(
        "arms.\(index)", is: "named '\(arm.name)' as arm \(other + 1) is", expected: "a name for each arm")
    }
    if let index = questions.firstIndex(where: { Question($0, among: arms) == nil }) {
      return Misfit(
        "questions.\(index)", with: ["arms"], is: "'\(questions[index])'",
        expected: "two of the arms with ' - ' between them: \(arms.map(\.name).joined(separator: ", "))")
    }
    let asked = questions.compactMap { Question($0, among: arms) }
    for (index, question) in asked.enumerated() where asked.prefix(index).contains(where: question.isAbout) {
      return Misfit(
        "questions.\(index)", with: ["arms"], is: "'\(question.text)', which is asked already",
        expected: "each pair of arms once")
    }
    return nil
  }

  public init() {}
}

extension LabelBudget {
  /// What a recipe may ask for, in the words of an error message.
  static let names = "'all', '4 subjects', '10 % of windows' or '30 min a subject'"

  /// - Parameter name: As ``name`` gives it; `nil` of another.
  init?(named name: String) {
    let words = name.split(separator: " ").map(String.init)
    let number = words.first.flatMap(Double.init)
    switch (number, words.dropFirst().joined(separator: " ")) {
    case (nil, "") where name == "all": self = .all
    case (1?, "subject"): self = .subjects(1)
    case (let count?, "subjects") where (1...1e6).contains(count) && count == count.rounded():
      self = .subjects(Int(count))
    case (let share?, "% of windows") where share > 0 && share <= 100: self = .windowShare(share / 100)
    case (let minutes?, "min a subject") where minutes > 0 && minutes <= 1e6: self = .minutesPerSubject(minutes)
    default: return nil
    }
  }
}
