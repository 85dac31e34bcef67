import Foundation
import Metrics
import SleepCore

/// What was tried for one arm, budget and fold, how it did on people inside the fold's training part, and what was chosen.
public struct SearchResult: Codable, Hashable, Sendable {
  /// One set of values.
  public struct Try: Codable, Hashable, Sendable {
    /// Each key with its value; of the recipe as it is, which is the first, those that the recipe has.
    public let values: [String: String]
    /// The measure, mean over people, inner folds and seeds; `nil` where a training came to no number, or nobody has the measure.
    public let score: Double?

    package init(values: [String: String], score: Double?) { (self.values, self.score) = (values, score) }
  }

  public let arm: String
  public let budget: String
  public let fold: Int
  public let tries: [Try]
  /// The position of the best of them, the first of equals.
  public let chosen: Int

  package init(arm: String, budget: String, fold: Int, tries: [Try]) {
    (self.arm, self.budget, self.fold, self.tries) = (arm, budget, fold, tries)
    chosen =
      tries.indices.filter { tries[$0].score != nil }
      .max { (tries[$0].score ?? 0, -$0) < (tries[$1].score ?? 0, -$1) } ?? 0
  }
}

/// How one trial did in one inner fold with one seed: a file, so that a search that was stopped goes on.
struct TrialResult: Codable, Sendable {
  /// The measure of each person who was measured on; those without are left out.
  let scores: [String: Double]
  /// Why the training came to no number.
  let failure: String?

  var values: [Double] { scores.sorted { $0.key < $1.key }.map(\.value) }
}

/// The part of a comparison's report that says what was searched.
extension ComparisonTable {
  /// One line an arm, budget and key, with what was chosen in how many folds.
  var searchText: String {
    guard let head = searchHeading else { return "" }
    var table = TextTable(["budget", "arm", "key", "chosen in folds"])
    for row in searchRows { table.append(row) }
    return ([head] + [table.text]).joined(separator: "\n")
  }

  var searchHeading: String? {
    guard let searched, !searched.isEmpty else { return nil }
    let trials = Set(searched.map(\.tries.count)).sorted()
    let count = trials.count == 1 ? "\(trials[0])" : "\(trials[0]) to \(trials[trials.count - 1])"
    let failed = searched.reduce(0) { $0 + $1.tries.count { $0.score == nil } }
    return "searched on people inside each training part: \(count) trials an arm, budget and fold, by \(measure.title)"
      + (failed == 0 ? "" : "; \(failed) came to no number")
  }

  /// Budget, arm, key and choices.
  var searchRows: [[String]] {
    struct Group: Hashable { let budget, arm: String }
    var order: [Group] = []
    var groups: [Group: [SearchResult]] = [:]
    for result in searched ?? [] {
      let group = Group(budget: result.budget, arm: result.arm)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(result)
    }
    return order.flatMap { group -> [[String]] in
      let results = groups[group] ?? []
      let keys = Set(results.flatMap { $0.tries.flatMap(\.values.keys) }).sorted()
      return keys.map { key in
        let values = results.map { $0.tries[$0.chosen].values[key] ?? "as written" }
        let counts = Dictionary(grouping: values) { $0 }.mapValues(\.count)
          .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return [group.budget, group.arm, key, counts.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")]
      }
    }
  }
}
