package import Corpora
import Downstream
import Foundation
public import Metrics
package import SleepCore

/// How many labelled people a training from scratch needs to do as well as a pretrained arm does with few.
public struct LabelsSaved: Codable, Hashable, Sendable {
  public let arm: String
  public let scratch: String
  /// The fewest labelled people of the comparison, with whom the pretrained arm was trained.
  public let people: Int
  /// The labelled people from scratch that reach the same measure, a person's own value and mean over people and seeds; read off the
  /// curve of the arm from scratch, and no further than it goes.
  public let worth: Double
  /// By bootstrap over the people who were tested on; `nil` of fewer than three.
  public let interval: Interval?
  /// The fewest and most labelled people from scratch: what lies there may lie beyond.
  public let measured: Interval

  /// A sentence for the head of a report.
  public var text: String {
    func words(_ value: Double) -> String {
      let number = String(format: "%.1f", value)
      if value <= measured.lower { return "\(number) or fewer" }
      return value >= measured.upper ? "\(number) or more" : number
    }
    let whom = people == 1 ? "1 labelled person" : "\(people) labelled people"
    let range = interval.map { " (95 % \(words($0.lower)) to \(words($0.upper)))" } ?? " (no interval)"
    return
      "Labels saved: \(whom) with \(arm) \(people == 1 ? "is" : "are") worth \(words(worth)) with \(scratch)\(range)."
  }
}

extension LabelsSaved {
  /// The labelled people of a budget, of `all` those that a fold trains on, mean over folds; `nil` of one that counts no people.
  static func people(_ budget: String, _ split: Split) -> Double? {
    switch LabelBudget(named: budget) {
    case .subjects(let count): Double(count)
    case .all where !split.folds.isEmpty:
      Double(split.folds.reduce(0) { $0 + $1.train.count }) / Double(split.folds.count)
    default: nil
    }
  }

  /// - Parameters:
  ///   - question: A pretrained arm and one from scratch; `nil` comes of another, and of fewer than two numbers of people.
  ///   - values: Of an arm and budget: each person's own measure.
  package init?(
    _ question: Question, budgets: [String], split: Split, seed: UInt64,
    values: (_ arm: String, _ budget: String) -> [Subject: Double]
  ) {
    guard question.first.isPretrained, question.second.transfer == .scratch else { return nil }
    let ladder = budgets.compactMap { budget in Self.people(budget, split).map { (people: $0, budget: budget) } }
      .sorted { $0.people < $1.people }
    guard let least = ladder.first, let most = ladder.last, least.people < most.people else { return nil }
    let steps = ladder.map { values(question.second.name, $0.budget) }
    let pretrained = values(question.first.name, least.budget)
    let people = steps.reduce(Set(pretrained.keys)) { $0.intersection($1.keys) }.sorted()
    func worth(_ drawn: [Int]) -> Double? {
      func level(_ own: [Subject: Double]) -> Double {
        drawn.reduce(0) { $0 + (own[people[$1]] ?? 0) } / Double(max(1, drawn.count))
      }
      return RisingCurve(amounts: ladder.map(\.people), values: steps.map(level))?.amount(reaching: level(pretrained))
    }
    guard !people.isEmpty, let all = worth(Array(people.indices)) else { return nil }
    // Of its own, so that another arm moves no interval.
    var random = RandomSource(seed: seed, for: "labels saved: \(question.text)")
    interval =
      Interval.bootstrap(count: people.count, draws: 2000, method: .expandedPercentile, using: &random) {
        [worth($0)]
      }[0]
    (arm, scratch, self.people, self.worth) = (question.first.name, question.second.name, Int(least.people), all)
    measured = Interval(lower: least.people, upper: most.people)
  }
}
