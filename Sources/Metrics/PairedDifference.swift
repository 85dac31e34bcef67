public import SleepCore

/// What one arm of a comparison gains over another, subject by subject.
public struct PairedDifference: Codable, Hashable, Sendable {
  /// First less second, one a subject that has both values.
  public let differences: [Double]
  /// Of the differences.
  public let mean: Double
  /// Of the differences.
  public let median: Double
  /// Of the mean, by bootstrap over subjects; `nil` with one subject.
  public let interval: Interval?
  /// Of the mean, by Student's t; `nil` with one subject.
  public let studentInterval: Interval?
  /// Of the differences, two-sided.
  public let wilcoxon: WilcoxonTest

  /// - Parameters:
  ///   - first: One value a subject, `nil` where it is not defined.
  ///   - second: The same subjects in the same order.
  /// - Returns: `nil` where the lengths differ or no subject has both values.
  public init?(
    _ first: [Double?], _ second: [Double?], draws: Int = 2000, level: Double = 0.95, using random: inout RandomSource
  ) {
    guard first.count == second.count else { return nil }
    let differences = zip(first, second).compactMap { first, second in
      first.flatMap { first in second.map { first - $0 } }
    }
    guard let mean = Metrics.mean(differences), let median = Metrics.median(differences),
      let wilcoxon = WilcoxonTest(differences: differences)
    else { return nil }
    self.differences = differences
    self.mean = mean
    self.median = median
    self.wilcoxon = wilcoxon
    studentInterval = .student(differences, level: level)
    interval =
      Interval.bootstrap(count: differences.count, draws: draws, level: level, using: &random) { drawn in
        [Metrics.mean(drawn.map { differences[$0] })]
      }[0]
  }
}
