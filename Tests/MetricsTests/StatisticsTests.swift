import Foundation
import Metrics
import SleepCore
import TestSupport
import Testing

@Suite("Statistics agree with SciPy")
struct StatisticsTests {
  private let fixture = Fixture("statistics")

  @Test(
    "Wilcoxon's signed-rank test",
    arguments: [
      "plain5", "plain21", "plain50", "plain51", "plain200", "ties10", "ties13", "ties14", "zeros12", "zeros30", "one",
      "one_sided", "small5_ties", "small5_zeros", "small6_plain", "small6_both", "small7_ties", "small7_zeros",
      "small8_one",
      "small8_both", "small8_equal",
    ])
  func wilcoxon(name: String) throws {
    let test = try #require(WilcoxonTest(differences: fixture.doubles("wilcoxon_\(name)")))
    expectClose([test.statistic, test.pValue], try fixture.doubles("wilcoxon_\(name)_expected"))
  }

  @Test("Wilcoxon's p value of few differences is the share of all ways to sign them that are as uneven")
  func exactWilcoxon() throws {
    var random = RandomSource(seed: 2)
    for count in 5...8 {
      for _ in 0..<40 {
        // Whole numbers near 0: zeros and ties in most.
        let differences = (0..<count).map { _ in Double(Int.random(in: -3...4, using: &random)) }
        let test = try #require(WilcoxonTest(differences: differences))
        let sizes = differences.filter { $0 != 0 }.map(abs)
        let ranks = sizes.map { size in
          Double(sizes.count { $0 < size }) + Double(sizes.count { $0 == size } + 1) / 2
        }
        let ways = (0..<(1 << ranks.count)).map { signs in
          let positive = ranks.indices.reduce(0) { $0 + (signs >> $1 & 1 == 1 ? ranks[$1] : 0) }
          return min(positive, ranks.reduce(0, +) - positive)
        }
        let uneven = ways.count { $0 <= test.statistic }
        expectClose([test.pValue], [Double(uneven) / Double(ways.count)])
      }
    }
  }

  @Test("Wilcoxon's test of nothing, of NaN and of no difference at all")
  func degenerateWilcoxon() {
    #expect(WilcoxonTest(differences: []) == nil)
    #expect(WilcoxonTest(differences: [1, .nan]) == nil)
    #expect(WilcoxonTest(differences: [0, 0, 0])?.pValue == 1)
    #expect(WilcoxonTest(differences: Array(repeating: 0, count: 80))?.pValue == 1)
  }

  @Test("Student's interval, the deviation and quantiles", arguments: [2, 3, 21, 400])
  func student(count: Int) throws {
    let values = try fixture.doubles("values_\(count)")
    let interval = try #require(Interval.student(values))
    let deviation = try #require(standardDeviation(values))
    let quantiles = [0, 0.025, 0.5, 0.9, 1].compactMap { quantile(values, $0) }
    expectClose(
      [interval.lower, interval.upper, deviation] + quantiles, try fixture.doubles("values_\(count)_expected"),
      relative: 1e-8)
  }

  @Test("The bootstrap's interval, within what its draws leave open")
  func bootstrap() throws {
    let values = try fixture.doubles("bootstrap")
    var random = RandomSource(seed: 3)
    let intervals = Interval.bootstrap(count: values.count, draws: 20_000, using: &random) { drawn in
      [mean(drawn.map { values[$0] }), nil]
    }
    let interval = try #require(intervals[0])
    expectClose([interval.lower, interval.upper], try fixture.doubles("bootstrap_expected"), relative: 0.01)
    #expect(intervals[1] == nil)
  }

  @Test("The same seed gives the same interval, another seed another")
  func seeded() {
    func interval(_ seed: UInt64) -> Interval? {
      var random = RandomSource(seed: seed)
      return Interval.bootstrap(count: 9, draws: 50, using: &random) { [Double($0.reduce(0, +))] }[0]
    }
    #expect(interval(1) == interval(1))
    #expect(interval(1) != interval(2))
  }

  @Test("One subject or none has no interval")
  func fewSubjects() {
    var random = RandomSource(seed: 0)
    #expect(Interval.bootstrap(count: 1, using: &random) { [Double($0.count)] } == [nil])
    #expect(Interval.bootstrap(count: 0, using: &random) { [Double($0.count)] } == [nil])
    #expect(Interval.student([1]) == nil)
    #expect(mean([]) == nil)
    #expect(median([]) == nil)
    #expect(quantile([1, .nan], 0.5) == nil)
    #expect(median([3, 1, 2, 10]) == 2.5)
  }

  @Test("A paired difference takes the subjects with both values")
  func paired() throws {
    var random = RandomSource(seed: 0)
    let difference = try #require(
      PairedDifference([0.5, nil, 0.75, 1, 0.25], [0.25, 0.5, 0.25, 0.25, nil], using: &random))
    #expect(difference.differences == [0.25, 0.5, 0.75])
    #expect(difference.mean == 0.5)
    #expect(difference.median == 0.5)
    #expect(difference.wilcoxon.pValue == 0.25)
    // 0.5 ± 4.302653 * 0.25 / sqrt(3)
    let interval = try #require(difference.interval)
    expectClose([interval.lower, interval.upper], [-0.121034429, 1.121034429], relative: 1e-8)
    #expect(difference.bootstrapInterval == Interval(lower: 0.25, upper: 0.75))
  }

  @Test(
    "One subject and equal differences have no interval, two no bootstrap; missing and no numbers have no difference")
  func degeneratePairs() throws {
    var random = RandomSource(seed: 0)
    let single = try #require(PairedDifference([1], [0.5], using: &random))
    #expect(single.mean == 0.5 && single.interval == nil && single.bootstrapInterval == nil)
    let two = try #require(PairedDifference([1, 0.5], [0.5, 0.25], using: &random))
    #expect(two.interval != nil && two.bootstrapInterval == nil)
    let equal = try #require(PairedDifference([1, 0.75, 0.5], [0.75, 0.5, 0.25], using: &random))
    #expect(equal.mean == 0.25 && equal.interval == nil && equal.bootstrapInterval == nil)
    let same = try #require(PairedDifference([1, 0, 0.5], [1, 0, 0.5], using: &random))
    #expect(same.mean == 0 && same.interval == nil && same.wilcoxon.pValue == 1)
    #expect(PairedDifference([nil], [1], using: &random) == nil)
    #expect(PairedDifference([1], [], using: &random) == nil)
    #expect(PairedDifference([], [], using: &random) == nil)
    #expect(PairedDifference([1, .nan], [0, 1], using: &random) == nil)
    #expect(PairedDifference([1, 0], [0, .infinity], using: &random) == nil)
  }

  @Test("What subtraction leaves in the last bits neither breaks a tie nor makes a difference of none")
  func lastBits() throws {
    #expect(0.3 - 0.2 != 0.8 - 0.7 && 0.1 + 0.2 != 0.3)
    var random = RandomSource(seed: 0)
    let difference = try #require(
      PairedDifference([0.3, 0.8, 0.1 + 0.2, 0.6], [0.2, 0.7, 0.3, 0.9], using: &random))
    #expect(difference.differences[0] == difference.differences[1] && difference.differences[2] == 0)
    expectClose(difference.differences, [0.1, 0.1, 0, -0.3], absolute: 1e-11)
    #expect(difference.wilcoxon == WilcoxonTest(differences: [1, 1, 0, -3]))
  }

  @Test("The bootstrap of a pair draws from the source passed in, and Student's interval from none")
  func source() throws {
    func pair(_ name: String) throws -> PairedDifference {
      var random = RandomSource(seed: 9, for: name)
      return try #require(
        PairedDifference([0.51, 0.72, 0.9, 0.44, 0.65], [0.4, 0.8, 0.5, 0.31, 0.6], draws: 50, using: &random))
    }
    let (first, second) = (try pair("a"), try pair("b"))
    #expect(try pair("a") == first)
    #expect(first.bootstrapInterval != nil && first.bootstrapInterval != second.bootstrapInterval)
    #expect(first.interval != nil && first.interval == second.interval)
  }
}
