import Corpora
import Downstream
import Foundation
import Metrics
import SleepCore
import Tensors

extension Comparison {
  /// The test people's matrices with each subset of an arm's sensors; `nil` of an arm that takes no window without all of them.
  func subsets(
    _ trained: Model, _ test: WindowSource, _ device: Device
  ) throws -> [String: [Subject: ConfusionMatrix]]? {
    guard trained.recipe.toleratesMissing else { return nil }
    let read = try trained.subsetPredictions(test, device: device)
    return Dictionary(
      uniqueKeysWithValues: try read.map { subset, source, predictions in
        (subset.name, try matrices(scored(predictions, of: source), trained.scheme))
      })
  }

  /// A row an arm that takes windows without some of its sensors, budget and subset; `nil` without such an arm.
  func subsetRows(_ results: [CellResult], _ scheme: LabelScheme) throws -> [ComparisonTable.SubsetRow]? {
    let arms = try recipe.comparison.arms.filter { arm in
      try arm.transfer != nil && training(of: arm).toleratesMissing
    }
    guard !arms.isEmpty else { return nil }
    return try recipe.comparison.budgets.flatMap { budget in
      try arms.flatMap { arm -> [ComparisonTable.SubsetRow] in
        let own = try training(of: arm)
        let cells = results.filter { $0.arm == arm.name && $0.budget == budget }
        guard !cells.isEmpty else { return [] }
        let all = SensorSubset(sensors: own.sensors, left: [])
        return try ([all] + own.sensorSubsets).compactMap { subset in
          let seen = subset == all ? cells : cells.compactMap { $0.with(subset) }
          guard !seen.isEmpty else { return nil }
          let rival = try self.rival(of: arm, with: subset)
          let others = results.filter { $0.arm == rival?.name && $0.budget == budget }
          return ComparisonTable.SubsetRow(
            seen, subset.name, rival: others, measure: recipe.comparison.measure, classes: scheme.classes.count,
            seed: recipe.seed)
        }
      }
    }
  }

  /// The arm whose network was trained on these sensors, all of them always there: one that comes by its weights in the same way, or the first;
  /// `nil` of none.
  private func rival(of arm: Arm, with subset: SensorSubset) throws -> Arm? {
    let same = try recipe.comparison.arms.filter { other in
      guard other != arm, other.transfer != nil else { return false }
      let theirs = try training(of: other)
      return !theirs.toleratesMissing && Set(theirs.sensors) == Set(subset.sensors)
    }
    return same.first { $0.transfer == arm.transfer } ?? same.first
  }
}

extension CellResult {
  /// The same cell with some of the sensors alone; `nil` where nobody looked.
  fileprivate func with(_ subset: SensorSubset) -> CellResult? {
    subsets?[subset.name].map {
      CellResult(cell, labelledWindows: labelledWindows, seconds: seconds, subjects: $0)
    }
  }
}
