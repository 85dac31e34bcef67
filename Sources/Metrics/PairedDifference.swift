public import SleepCore

/// What one arm of a comparison gains over another, subject by subject.
public struct PairedDifference: Codable, Hashable, Sendable {
  /// First less second, one a subject that has both values, without what the subtraction alone leaves in the last bits.
  public let differences: [Double]
  /// The mean of the differences.
  public let mean: Double
  /// The median of the differences.
  public let median: Double
  /// Student's interval of the mean; `nil` with one subject or where all differences are equal.
  ///
  /// Of the intervals here it holds best for few people. In simulations of the mean of 8 differences, 4000 samples each, intervals
  /// of 95 % held the true mean this often, beside the percentile bootstrap and BCa: 95 % where differences were normal or of
  /// bounded scores (89 % and 89 %), 93 % where they took five values (88 % and 88 %), 88 % where they were skewed as an exponential
  /// distribution (84 % and 85 %), and 80 % where six in ten were 0 (67 % and 66 %).
  public let interval: Interval?
  /// The interval of the mean by bootstrap over subjects, ``Interval/BootstrapMethod/expandedPercentile``, as a second look where
  /// differences are skewed; `nil` with two subjects or fewer or where all differences are equal.
  public let bootstrapInterval: Interval?
  /// Whether the differences lie about 0, two-sided.
  public let wilcoxon: WilcoxonTest

  /// - Parameters:
  ///   - first: One value a subject, `nil` where it is not defined.
  ///   - second: The same subjects in the same order.
  ///   - draws: The number of the bootstrap's draws.
  ///   - level: What the intervals hold, between 0 and 1.
  ///   - random: A source of a name of its own for each row of a table, so that a new row does not move the others.
  /// - Returns: `nil` where the lengths differ, no subject has both values, or one of these is not finite.
  public init?(
    _ first: [Double?], _ second: [Double?], draws: Int = 2000, level: Double = 0.95, using random: inout RandomSource
  ) {
    guard first.count == second.count else { return nil }
    let pairs = zip(first, second).compactMap { first, second in
      first.flatMap { first in second.map { (first: first, second: $0) } }
    }
    guard pairs.allSatisfy({ $0.first.isFinite && $0.second.isFinite }) else { return nil }
    // 0.3 - 0.2 and 0.8 - 0.7 are one difference, which ranks must see as a tie.
    let largest = pairs.reduce(0) { max($0, abs($1.first), abs($1.second)) }
    let step = largest.binade * 0x1p-40
    let differences = pairs.map { step > 0 ? (($0.first - $0.second) / step).rounded() * step : $0.first - $0.second }
    guard let mean = Metrics.mean(differences), let median = Metrics.median(differences),
      let wilcoxon = WilcoxonTest(differences: differences)
    else { return nil }
    self.differences = differences
    self.mean = mean
    self.median = median
    self.wilcoxon = wilcoxon
    interval = .student(differences, level: level)
    let intervals = Interval.bootstrap(
      count: differences.count, draws: draws, level: level, method: .expandedPercentile, using: &random
    ) { [Metrics.mean($0.map { differences[$0] })] }
    bootstrapInterval = interval == nil ? nil : intervals[0]
  }
}
