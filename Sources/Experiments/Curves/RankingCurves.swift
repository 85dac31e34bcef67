import Downstream
import Figures
import Foundation
public import Metrics
import SleepCore

/// How well predicted probabilities rank windows: ROC and precision-recall curves of each class against the rest, one a subject.
struct RankingCurves {
  /// One class against the rest; of two classes the first alone, which says the same of the other.
  struct OneClass {
    let name: String
    /// Share of the class in all windows.
    let share: Double
    let roc: [Subject: [ROCCurve]]
    let precisionRecall: [Subject: [PrecisionRecallCurve]]
  }

  let classes: [OneClass]

  /// - Parameter seeds: The predictions of every seed. A subject whose windows are all or none of a class has no curve of it.
  init(_ seeds: [[Prediction]], classNames: [String]) {
    classes = (classNames.count == 2 ? [0] : Array(classNames.indices)).map { index in
      var (roc, precisionRecall) = ([Subject: [ROCCurve]](), [Subject: [PrecisionRecallCurve]]())
      var (positives, windows) = (0, 0)
      for predictions in seeds {
        for (subject, own) in Dictionary(grouping: predictions, by: \.subject) {
          let (scores, truth) = own.ranked(index, of: classNames.count)
          positives += truth.count { $0 }
          windows += truth.count
          if let curve = ROCCurve(scores: scores, truth: truth) {
            roc[subject, default: []].append(curve)
            if let curve = PrecisionRecallCurve(scores: scores, truth: truth) {
              precisionRecall[subject, default: []].append(curve)
            }
          }
        }
      }
      return OneClass(
        name: classNames[index], share: Double(positives) / Double(max(1, windows)), roc: roc,
        precisionRecall: precisionRecall)
    }
  }

  /// The areas of each class: a subject's is the mean over its seeds.
  func areas(seed: UInt64) -> [RankingArea] {
    classes.map { one in
      var random = RandomSource(seed: seed, for: "ranking \(one.name)")
      return RankingArea(
        name: one.name, subjects: one.roc.count, share: one.share,
        rocArea: Self.estimate(one.roc.mapValues { $0.map(\.area) }, &random),
        averagePrecision: Self.estimate(one.precisionRecall.mapValues { $0.map(\.averagePrecision) }, &random))
    }
  }

  private static func estimate(_ values: [Subject: [Double]], _ random: inout RandomSource) -> Estimate {
    let means = values.sorted { $0.key < $1.key }.map { $0.value.reduce(0, +) / Double($0.value.count) }
    guard !means.isEmpty else { return Estimate(value: nil, interval: nil) }
    func mean(_ drawn: some Sequence<Int>) -> Double {
      let chosen = drawn.map { means[$0] }
      return chosen.reduce(0, +) / Double(chosen.count)
    }
    let interval = Interval.bootstrap(count: means.count, using: &random) { [mean($0)] }
    return Estimate(value: mean(means.indices), interval: interval.first ?? nil)
  }

  /// Writes `roc<suffix>.png` and `precision-recall<suffix>.png`: a panel a class, each subject thin, the mean of the subjects bold.
  func draw(in folder: URL, suffix: String = "", title: String) throws {
    let columns = min(3, max(1, classes.count))
    let rows = (classes.count + columns - 1) / columns
    for (name, panel) in [("roc", Self.roc), ("precision-recall", Self.precisionRecall)] {
      let panels = classes.compactMap(panel)
      guard !panels.isEmpty else { continue }
      try Figure(
        title: title, panels: panels, columns: columns, widthPixels: 660 * columns,
        heightPixels: 46 + 420 * rows
      ).accompany(folder.appendingPathComponent("\(name)\(suffix).png"))
    }
  }

  private static func roc(_ one: OneClass) -> Panel? {
    let subjects = one.roc.sorted { $0.key < $1.key }.compactMap { seeds -> RankingCurve? in
      if seeds.value.count > 1 { return MeanCurve(seeds.value).map { RankingCurve(x: $0.x, y: $0.y, area: $0.area) } }
      return seeds.value.first.map { RankingCurve(x: $0.falsePositiveRate, y: $0.truePositiveRate, area: $0.area) }
    }
    // Every subject has as many seeds.
    guard let mean = MeanCurve(one.roc.sorted { $0.key < $1.key }.flatMap(\.value)) else { return nil }
    return .roc(
      title: "\(one.name) against the rest", subjects: subjects,
      mean: RankingCurve(x: [0] + mean.x, y: [0] + mean.y, area: mean.area))
  }

  private static func precisionRecall(_ one: OneClass) -> Panel? {
    let subjects = one.precisionRecall.sorted { $0.key < $1.key }.compactMap { seeds -> RankingCurve? in
      if seeds.value.count > 1 { return MeanCurve(seeds.value).map { RankingCurve(x: $0.x, y: $0.y, area: $0.area) } }
      return seeds.value.first.map {
        RankingCurve(x: $0.recall.dropLast(), y: $0.precision.dropLast(), area: $0.averagePrecision)
      }
    }
    guard let mean = MeanCurve(one.precisionRecall.sorted { $0.key < $1.key }.flatMap(\.value)) else { return nil }
    return .precisionRecall(
      title: "\(one.name) against the rest", subjects: subjects,
      mean: RankingCurve(x: mean.x, y: mean.y, area: mean.area), positiveShare: one.share)
  }
}

/// The areas under the curves of one class against the rest: means over subjects, intervals by bootstrap over them.
public struct RankingArea: Codable, Sendable {
  public let name: String
  /// Those with windows of the class and of others.
  public let subjects: Int
  /// Of the class in all windows: what chance gives for the average precision.
  public let share: Double
  public let rocArea: Estimate
  public let averagePrecision: Estimate
}

extension Prediction {
  /// Whether it has probabilities, which a baseline has not.
  var isRanked: Bool { probabilities.contains { $0 > 0 } }
}

extension [Prediction] {
  /// Of all windows with a label and a prediction: the class's probability, and whether it is true.
  fileprivate func ranked(_ index: Int, of classes: Int) -> (scores: [Double], truth: [Bool]) {
    var (scores, truth): ([Double], [Bool]) = ([], [])
    for prediction in self where prediction.probabilities.count == classes * prediction.truth.count {
      for (window, label) in prediction.truth.enumerated() where label >= 0 && prediction.classes[window] >= 0 {
        scores.append(Double(prediction.probabilities[window * classes + index]))
        truth.append(Int(label) == index)
      }
    }
    return (scores, truth)
  }
}

extension [RankingArea] {
  /// A line a class, for the terminal.
  var text: String {
    var table = TextTable(["class against the rest", "ROC area a subject", "average precision", "share", "subjects"])
    for area in self {
      table.append([
        area.name, area.rocArea.words, area.averagePrecision.words, String(format: "%.3f", area.share),
        "\(area.subjects)",
      ])
    }
    return table.text
  }
}

extension Estimate {
  /// `0.812 (0.770 to 0.851)`, or `-`.
  var words: String {
    guard let value else { return "-" }
    return String(format: "%.3f", value)
      + (interval.map { String(format: " (%.3f to %.3f)", $0.lower, $0.upper) } ?? "")
  }
}
