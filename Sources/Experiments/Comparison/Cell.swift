import Foundation
import Metrics
import SleepCore

/// One training and test of a comparison: an arm, a budget, a fold and a seed.
struct Cell: Hashable, Sendable {
  /// Its name.
  let arm: String
  let budget: String
  let fold: Int
  let seed: Int

  /// Its file below the run.
  var file: String { "\(predictions).json" }

  /// The folder of its test recordings' predictions.
  var predictions: String { "cells/\(Self.plain(arm))-\(Self.plain(budget))-fold\(fold)-seed\(seed)" }

  /// The name of a budget or an arm as part of a file's.
  static func plain(_ name: String) -> String {
    name.filter { $0 != "%" }.split(separator: " ").joined(separator: "-")
  }
}

/// What a cell gave: the confusion matrix of each test subject.
struct CellResult: Codable, Sendable {
  /// Its name.
  let arm: String
  let budget: String
  let fold: Int
  let seed: Int
  let labelledWindows: Int
  let seconds: Double
  let subjects: [Subject: ConfusionMatrix]
  /// The same with some of the arm's sensors alone, by their names as ``SensorSubset/name`` has them; `nil` of an arm that takes no window
  /// without all of them.
  let subsets: [String: [Subject: ConfusionMatrix]]?

  var cell: Cell { Cell(arm: arm, budget: budget, fold: fold, seed: seed) }

  /// How many classes its matrices are of.
  var classCounts: Set<Int> {
    Set(([subjects] + (subsets ?? [:]).values).flatMap { $0.values.map(\.classCount) })
  }

  private enum CodingKeys: String, CodingKey {
    case arm, budget, fold, seed, labelledWindows = "labelled_windows", seconds, subjects, subsets
  }

  init(
    _ cell: Cell, labelledWindows: Int, seconds: Double, subjects: [Subject: ConfusionMatrix],
    subsets: [String: [Subject: ConfusionMatrix]]? = nil
  ) {
    self.subsets = subsets
    (arm, budget, fold, seed) = (cell.arm, cell.budget, cell.fold, cell.seed)
    self.labelledWindows = labelledWindows
    self.seconds = seconds
    self.subjects = subjects
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    arm = try container.decode(String.self, forKey: .arm)
    budget = try container.decode(String.self, forKey: .budget)
    fold = try container.decode(Int.self, forKey: .fold)
    seed = try container.decode(Int.self, forKey: .seed)
    labelledWindows = try container.decode(Int.self, forKey: .labelledWindows)
    guard ConfusionMatrix.counts.contains(labelledWindows) else {
      throw DecodingError.dataCorruptedError(
        forKey: .labelledWindows, in: container, debugDescription: "expected a number of windows")
    }
    seconds = try container.decode(Double.self, forKey: .seconds)
    func people(_ named: [String: ConfusionMatrix]) -> [Subject: ConfusionMatrix] {
      Dictionary(uniqueKeysWithValues: named.map { (Subject($0.key), $0.value) })
    }
    subjects = people(try container.decode([String: ConfusionMatrix].self, forKey: .subjects))
    subsets = try container.decodeIfPresent([String: [String: ConfusionMatrix]].self, forKey: .subsets)?
      .mapValues(people)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(arm, forKey: .arm)
    try container.encode(budget, forKey: .budget)
    try container.encode(fold, forKey: .fold)
    try container.encode(seed, forKey: .seed)
    try container.encode(labelledWindows, forKey: .labelledWindows)
    try container.encode(seconds, forKey: .seconds)
    func named(_ people: [Subject: ConfusionMatrix]) -> [String: ConfusionMatrix] {
      Dictionary(uniqueKeysWithValues: people.map { ($0.key.id, $0.value) })
    }
    try container.encode(named(subjects), forKey: .subjects)
    try container.encodeIfPresent(subsets?.mapValues(named), forKey: .subsets)
  }
}
