import Clustering
package import Corpora
package import Downstream
import Foundation
import SleepCore

/// The classes that a recogniser gives to windows whose label may not be seen.
package struct PseudoLabels {
  /// The class of each window by recording's position; -1 where none is probable enough.
  package let classes: [Int: [Int8]]

  /// Windows that are labelled together: a stay of maps, or one window of a signal.
  private struct Unit {
    let recording: Int
    let windows: [Int]
    /// The mean logarithm of each class's probability.
    let logarithms: [Double]
  }

  /// - Parameters:
  ///   - predictions: One a recording of the source, in its order.
  ///   - source: The training part, with the labels that may be seen.
  /// - Throws: What reading the maps throws.
  package init(_ predictions: [Prediction], _ source: WindowSource, _ recipe: SelfTrainingRecipe, classes: Int) throws {
    precondition(predictions.count == source.recordings.count, "a prediction a recording")
    var people: [Subject: [Unit]] = [:]
    var shares = [Double](repeating: 0, count: classes)
    var labels: [Int: [Int8]] = [:]
    for (prediction, recording) in zip(predictions, source.recordings) {
      let seen = source.classes(recording: recording)
      labels[recording] = [Int8](repeating: -1, count: seen.count)
      for windows in try Self.units(source, recording, recipe) {
        let known = windows.map { seen[$0] }.filter { $0 >= 0 }
        if known.isEmpty {
          let unit = Unit(
            recording: recording, windows: windows,
            logarithms: (0..<classes).map { index in
              windows.reduce(0) { $0 + log(Double(max(1e-6, prediction.probabilities[$1 * classes + index]))) }
                / Double(windows.count)
            })
          people[prediction.subject, default: []].append(unit)
        } else {
          for label in known { shares[Int(label)] += 1 / Double(known.count) }
        }
      }
    }
    let groups =
      recipe.align == .people
      ? [people.sorted { $0.key < $1.key }.flatMap(\.value)] : people.sorted { $0.key < $1.key }.map(\.value)
    for units in groups where !units.isEmpty {
      let likely = units.map { unit in
        let greatest = unit.logarithms.max() ?? 0
        let raised = unit.logarithms.map { exp($0 - greatest) }
        let sum = raised.reduce(0, +)
        return raised.map { $0 / sum }
      }
      let probable = recipe.align != .none ? SinkhornPlan(likely, shares: shares).probabilities : likely
      for (unit, row) in zip(units, probable) {
        guard let best = row.indices.max(by: { (row[$0], -$0) < (row[$1], -$1) }), row[best] >= recipe.confidence else {
          continue
        }
        for window in unit.windows { labels[unit.recording]?[window] = Int8(best) }
      }
    }
    self.classes = labels
  }

  private static func units(_ source: WindowSource, _ recording: Int, _ recipe: SelfTrainingRecipe) throws -> [[Int]] {
    let stretches = Stay.valid(source, corpus: 0, recording: recording)
    guard source.sensors.count == 1, source.sensors[0].isMap, recipe.correlation < 1 else {
      return stretches.flatMap { $0.windows.map { [$0] } }
    }
    return try stretches.flatMap { try $0.cut(source, correlation: recipe.correlation, anchor: recipe.anchor) }.map {
      Array($0.windows)
    }
  }
}
