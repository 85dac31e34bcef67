public import SleepCore

/// An interval of confidence.
public struct Interval: Codable, Hashable, Sendable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  /// Both ends.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The percentile bootstrap: subjects are drawn with replacement, the statistics computed anew for each draw.
  ///
  /// Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
  ///
  /// - Parameters:
  ///   - count: Subjects.
  ///   - level: 0.95 leaves a fortieth of the draws outside on each side.
  ///   - statistics: As many values for every draw; a value that is not defined for a draw is left out of its interval.
  /// - Returns: One a statistic; `nil` with fewer than two subjects, or where fewer than half of the draws define it.
  public static func bootstrap(
    count: Int, draws: Int = 2000, level: Double = 0.95, using random: inout RandomSource,
    statistics: (_ subjects: [Int]) -> [Double?]
  ) -> [Interval?] {
    guard count > 0 else { return statistics([]).map { _ in nil } }
    guard count > 1, draws > 0 else { return statistics(Array(0..<count)).map { _ in nil } }
    var values: [[Double]] = []
    for _ in 0..<draws {
      let drawn = statistics((0..<count).map { _ in Int.random(in: 0..<count, using: &random) })
      if values.isEmpty { values = Array(repeating: [], count: drawn.count) }
      for (index, value) in drawn.enumerated() { if let value, value.isFinite { values[index].append(value) } }
    }
    return values.map { values in
      guard 2 * values.count >= draws, let lower = quantile(values, (1 - level) / 2),
        let upper = quantile(values, (1 + level) / 2)
      else { return nil }
      return Interval(lower: lower, upper: upper)
    }
  }

  /// Student's interval of the mean; `nil` of fewer than two values.
  public static func student(_ values: [Double], level: Double = 0.95) -> Interval? {
    guard let centre = mean(values), let deviation = standardDeviation(values) else { return nil }
    let reach =
      studentQuantile((1 + level) / 2, degreesOfFreedom: Double(values.count - 1))
      * deviation / Double(values.count).squareRoot()
    return Interval(lower: centre - reach, upper: centre + reach)
  }
}
