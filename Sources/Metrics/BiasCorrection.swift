/// What a bias-corrected and accelerated bootstrap interval (BCa) knows of its statistic.
///
/// Efron, "Better bootstrap confidence intervals" (1987), with the jackknife's acceleration of Efron and Tibshirani, "An Introduction
/// to the Bootstrap" (1993), equations 14.9, 14.14 and 14.15.
package struct BiasCorrection: Sendable {
  /// The normal quantile of the share of the draws below the estimate, `z0`; draws equal to it count half.
  package let bias: Double
  /// A sixth of the skewness of the estimate, `a`: how fast its standard error changes with its value.
  package let acceleration: Double

  /// - Parameters:
  ///   - estimate: The statistic of all subjects.
  ///   - draws: The statistic of each draw, all finite.
  ///   - leavingOneOut: The statistic without each of the subjects in turn.
  /// - Returns: `nil` of fewer than three subjects, where one of the statistics is missing or not finite, where they are equal
  ///   whoever is left out, and where no draw or every draw is below the estimate.
  package init?(estimate: Double?, draws: [Double], leavingOneOut: [Double?]) {
    let values = leavingOneOut.compactMap(\.self)
    guard let estimate, estimate.isFinite, values.count == leavingOneOut.count, values.count > 2,
      values.allSatisfy(\.isFinite), let centre = mean(values)
    else { return nil }
    // Sums of the same numbers in another order differ in their last bits, which are no difference.
    let rounding = 1e-12 * values.reduce(abs(estimate)) { max($0, abs($1)) }
    let influences = values.map { centre - $0 }
    guard influences.contains(where: { abs($0) > rounding }) else { return nil }
    let squares = influences.reduce(0) { $0 + $1 * $1 }
    acceleration = influences.reduce(0) { $0 + $1 * $1 * $1 } / (6 * squares * squares.squareRoot())

    let below = draws.count { $0 < estimate - rounding }
    let notAbove = draws.count { $0 <= estimate + rounding }
    guard !draws.isEmpty, notAbove > 0, below < draws.count else { return nil }
    bias = normalQuantile(Double(below + notAbove) / Double(2 * draws.count))
  }

  /// The share of the draws that lies below an end of the interval, 0 to 1.
  ///
  /// - Parameter probability: What is to lie below that end, between 0 and 1.
  /// - Returns: `nil` where the correction is larger than the method can make.
  package func share(_ probability: Double) -> Double? {
    let shifted = bias + normalQuantile(probability)
    let slowing = 1 - acceleration * shifted
    return slowing > 0 ? normalShare(bias + shifted / slowing) : nil
  }
}
