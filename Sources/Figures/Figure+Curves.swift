import Foundation

/// A receiver operating characteristic, or a precision-recall curve, and the area under it.
public struct RankingCurve: Sendable {
  /// False positive rate, or recall.
  public let x: [Double]
  /// True positive rate, or precision.
  public let y: [Double]
  public let area: Double

  public init(x: [Double], y: [Double], area: Double) {
    self.x = x
    self.y = y
    self.area = area
  }
}

extension Panel {
  /// Each subject thin, the mean bold, its area in the legend; the diagonal is chance.
  public static func roc(title: String? = nil, subjects: [RankingCurve], mean: RankingCurve) -> Panel {
    ranking(
      title: title, x: "false positive rate", y: "true positive rate", subjects: subjects, mean: mean,
      chance: (x: [0, 1], y: [0, 1]))
  }

  /// Each subject thin, the mean bold, its area in the legend; the level line is the share of the positive class.
  public static func precisionRecall(
    title: String? = nil, subjects: [RankingCurve], mean: RankingCurve, positiveShare: Double
  ) -> Panel {
    ranking(
      title: title, x: "recall", y: "precision", subjects: subjects, mean: mean,
      chance: (x: [0, 1], y: [positiveShare, positiveShare]))
  }

  private static func ranking(
    title: String?, x: String, y: String, subjects: [RankingCurve], mean: RankingCurve,
    chance: (x: [Double], y: [Double])
  ) -> Panel {
    var series = [
      Series.line(name: "chance", x: chance.x, y: chance.y, style: .init(.grey, width: 1, isDashed: true))
    ]
    for (index, curve) in subjects.enumerated() {
      series.append(
        .line(
          name: index == 0 ? "each of \(subjects.count) subjects" : nil, x: curve.x, y: curve.y,
          style: .init(.paleGrey, width: 0.8)))
    }
    series.append(
      .line(
        name: String(format: "mean, area %.3f", mean.area), x: mean.x, y: mean.y,
        style: .init(.blue, width: 3)))
    return Panel(
      title: title, x: Axis(x, range: 0...1), y: Axis(y, range: 0...1.02), series: series,
      hasEqualUnits: true)
  }
}
