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

  /// Student's interval of the mean of independent values, as `scipy.stats.ttest_1samp(…).confidence_interval` gives it.
  ///
  /// Student, "The probable error of a mean" (1908). It is exact for normal values of any number, and of the intervals here the
  /// one that holds best for the mean of 8 to 30 people; see ``PairedDifference/interval``.
  ///
  /// - Parameters:
  ///   - values: One a person.
  ///   - level: Between 0 and 1; 0.95 leaves a fortieth outside on each side.
  /// - Returns: `nil` of fewer than two values, of values that are all equal, which say nothing of their spread, and with one
  ///   that is not finite.
  public static func student(_ values: [Double], level: Double = 0.95) -> Interval? {
    guard level > 0, level < 1, values.allSatisfy(\.isFinite), values.contains(where: { $0 != values[0] }),
      let centre = mean(values), let deviation = standardDeviation(values)
    else { return nil }
    let reach =
      studentQuantile((1 + level) / 2, degreesOfFreedom: Double(values.count - 1))
      * deviation / Double(values.count).squareRoot()
    return Interval(lower: centre - reach, upper: centre + reach)
  }
}
