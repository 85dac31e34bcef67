/// Scores from high to low, and how many true and false windows stand at or above each different one.
private struct Ranking {
  var thresholds: [Double] = []
  var truePositives: [Double] = []
  var falsePositives: [Double] = []

  /// `nil` where the lengths differ, a score is NaN or no window is positive.
  init?(scores: [Double], truth: [Bool]) {
    guard scores.count == truth.count, truth.contains(true), !scores.contains(where: \.isNaN) else { return nil }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (hits, misses) = (0.0, 0.0)
    for (rank, index) in order.enumerated() {
      if truth[index] { hits += 1 } else { misses += 1 }
      if rank + 1 < order.count, scores[order[rank + 1]] == scores[index] { continue }
      thresholds.append(scores[index])
      truePositives.append(hits)
      falsePositives.append(misses)
    }
  }
}

/// The receiver operating characteristic of one class against the rest, as scikit-learn's `roc_curve` draws it.
public struct ROCCurve: Codable, Hashable, Sendable {
  /// From 0 to 1; points on a straight line between their neighbours are left out.
  public let falsePositiveRate: [Double]
  /// From 0 to 1, one a point.
  public let truePositiveRate: [Double]
  /// A window is positive from here on; the first point, where none is, stands above every score and has no threshold.
  public let thresholds: [Double?]
  /// Area under the curve.
  public let area: Double

  /// `nil` where the lengths differ, a score is NaN, or all windows are positive or all negative.
  public init?(scores: [Double], truth: [Bool]) {
    guard truth.contains(false), let ranking = Ranking(scores: scores, truth: truth) else { return nil }
    let (hits, misses) = (ranking.truePositives, ranking.falsePositives)
    let kept = hits.indices.filter { i in
      guard i > 0, i + 1 < hits.count else { return true }
      return hits[i + 1] - 2 * hits[i] + hits[i - 1] != 0 || misses[i + 1] - 2 * misses[i] + misses[i - 1] != 0
    }
    truePositiveRate = [0] + kept.map { hits[$0] / hits[hits.count - 1] }
    falsePositiveRate = [0] + kept.map { misses[$0] / misses[misses.count - 1] }
    thresholds = [nil] + kept.map { ranking.thresholds[$0] }
    var area = 0.0
    for i in 1..<truePositiveRate.count {
      area += (falsePositiveRate[i] - falsePositiveRate[i - 1]) * (truePositiveRate[i] + truePositiveRate[i - 1]) / 2
    }
    self.area = area
  }
}

/// Precision against recall of one class against the rest, as scikit-learn's `precision_recall_curve` draws it.
public struct PrecisionRecallCurve: Codable, Hashable, Sendable {
  /// Ends with 1, where recall is 0.
  public let precision: [Double]
  /// Falling.
  public let recall: [Double]
  /// Rising; one less than the points, as the last has none.
  public let thresholds: [Double]
  /// The mean of the precisions, weighted by the gain in recall; no interpolation.
  public let averagePrecision: Double

  /// `nil` where the lengths differ, a score is NaN or no window is positive.
  public init?(scores: [Double], truth: [Bool]) {
    guard let ranking = Ranking(scores: scores, truth: truth) else { return nil }
    let hits = ranking.truePositives
    let precisions = zip(hits, ranking.falsePositives).map { $0 / ($0 + $1) }
    let recalls = hits.map { $0 / hits[hits.count - 1] }
    precision = precisions.reversed() + [1]
    recall = recalls.reversed() + [0]
    thresholds = ranking.thresholds.reversed()
    averagePrecision = zip(precisions, zip(recalls, [0] + recalls)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
  }
}
