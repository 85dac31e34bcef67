import Foundation

/// Wilcoxon's signed-rank test of paired differences, two-sided, as `scipy.stats.wilcoxon` does it by default.
///
/// Wilcoxon, "Individual comparisons by ranking methods" (1945). Differences of 0 are dropped, equal ones share their mean rank.
/// The p value is exact, from all ways to sign the ranks, for up to 50 differences without ties and zeros and for up to 13 with
/// them, zeros counted: so it always is for 5 to 13 people, whose least p value is 2 over 2 to the power of the differences that are
/// not 0, 0.0625 of five. Beyond, it is the normal approximation with the variance corrected for ties, without continuity correction.
public struct WilcoxonTest: Codable, Hashable, Sendable {
  /// The smaller of the sums of the ranks of positive and of negative differences.
  public let statistic: Double
  /// 1 where all differences are 0.
  public let pValue: Double

  /// `nil` without differences or with a NaN.
  public init?(differences: [Double]) {
    guard !differences.isEmpty, !differences.contains(where: \.isNaN) else { return nil }
    let nonzero = differences.filter { $0 != 0 }
    let (doubledRanks, tieSizes) = Self.doubledRanks(nonzero.map(abs))
    let total = doubledRanks.reduce(0, +)
    let positive = zip(doubledRanks, nonzero).reduce(0) { $0 + ($1.1 > 0 ? $1.0 : 0) }
    let smaller = min(positive, total - positive)
    statistic = Double(smaller) / 2

    let isPlain = nonzero.count == differences.count && tieSizes.allSatisfy { $0 == 1 }
    if nonzero.isEmpty {
      pValue = 1
    } else if differences.count <= (isPlain ? 50 : 13) {
      pValue = min(1, 2 * Self.shareOfSigns(doubledRanks, withSumUpTo: smaller))
    } else {
      let n = Double(nonzero.count)
      let ties = tieSizes.reduce(0.0) { $0 + Double($1 * $1 * $1 - $1) }
      let variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24
      pValue = min(1, erfc((n * (n + 1) / 4 - statistic) / (2 * variance).squareRoot()))
    }
  }

  /// Twice the mean rank of each value, so that it is whole, and the sizes of the groups of equal values.
  private static func doubledRanks(_ values: [Double]) -> (ranks: [Int], tieSizes: [Int]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = Array(repeating: 0, count: values.count)
    var tieSizes: [Int] = []
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
      for index in order[start..<end] { ranks[index] = start + 1 + end }
      tieSizes.append(end - start)
      start = end
    }
    return (ranks, tieSizes)
  }

  /// Of all ways to give the ranks signs, the share whose positive ranks add up to at most `limit`.
  private static func shareOfSigns(_ ranks: [Int], withSumUpTo limit: Int) -> Double {
    var shares = Array(repeating: 0.0, count: limit + 1)
    shares[0] = 1
    for rank in ranks {
      for sum in stride(from: limit, through: 0, by: -1) {
        shares[sum] = (shares[sum] + (sum >= rank ? shares[sum - rank] : 0)) / 2
      }
    }
    return shares.reduce(0, +)
  }
}
