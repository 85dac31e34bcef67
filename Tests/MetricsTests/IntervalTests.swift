import Metrics
import SleepCore
import TestSupport
import Testing

@Suite("Intervals agree with SciPy")
struct IntervalTests {
  private let fixture = Fixture("intervals")

  @Test("Student's, as ttest_1samp has it", arguments: ["two", "three", "eight", "twenty_one", "thirty"])
  func student(name: String) throws {
    let values = try fixture.doubles("student_\(name)")
    let intervals = try [0.95, 0.8].map { try #require(Interval.student(values, level: $0)) }
    expectClose(
      intervals.flatMap { [$0.lower, $0.upper] }, try fixture.doubles("student_\(name)_expected"), relative: 1e-8)
  }

  @Test("Bias, acceleration and ends of BCa on the same draws", arguments: ["mean", "tied", "share"])
  func biasCorrection(name: String) throws {
    let sample = Sample(name, try fixture.doubles("bootstrap_\(name)"))
    let draws = try fixture.doubles("bootstrap_\(name)_draws")
    let all = Array(0..<sample.count)
    let correction = try #require(
      BiasCorrection(
        estimate: sample.statistic(all), draws: draws,
        leavingOneOut: all.map { index in sample.statistic(all.filter { $0 != index }) }))
    let ends = [0.025, 0.975].compactMap { correction.share($0).flatMap { quantile(draws, $0) } }
    expectClose(
      [correction.bias, correction.acceleration] + ends, try fixture.doubles("bootstrap_\(name)_correction"))
    let shares = try fixture.doubles("bootstrap_\(name)_expanded").prefix(2)
    expectClose([0.025, 0.975].map { expandedShare($0, subjects: sample.count) }, Array(shares), relative: 1e-8)
  }

  @Test("Draws of our own, within what they leave open", arguments: ["mean", "share"])
  func draws(name: String) throws {
    let sample = Sample(name, try fixture.doubles("bootstrap_\(name)"))
    func ends(_ method: Interval.BootstrapMethod) throws -> [Double] {
      var random = RandomSource(seed: 4, for: name)
      let intervals = Interval.bootstrap(count: sample.count, draws: 40_000, method: method, using: &random) {
        [sample.statistic($0), nil]
      }
      #expect(intervals[1] == nil)
      let interval = try #require(intervals[0])
      return [interval.lower, interval.upper]
    }
    expectClose(try ends(.biasCorrected), try fixture.doubles("bootstrap_\(name)_expected"), relative: 0.02)
    let expanded = try fixture.doubles("bootstrap_\(name)_expanded").suffix(2)
    expectClose(try ends(.expandedPercentile), Array(expanded), relative: 0.02)
  }

  /// Values of the subjects one after another, or right windows and then all windows of theirs.
  private struct Sample {
    let count: Int
    let statistic: ([Int]) -> Double?

    init(_ name: String, _ values: [Double]) {
      guard name == "share" else {
        count = values.count
        statistic = { subjects in mean(subjects.map { values[$0] }) }
        return
      }
      let count = values.count / 2
      self.count = count
      statistic = { subjects in
        subjects.reduce(0) { $0 + values[$1] } / subjects.reduce(0) { $0 + values[count + $1] }
      }
    }
  }

  @Test("Quantiles of the normal distribution")
  func normal() {
    // From tables.
    expectClose(
      [0.5, 0.975, 0.025, 0.999, 1e-10].map(normalQuantile),
      [0, 1.959963984540054, -1.959963984540054, 3.090232306167813, -6.361340902404056])
  }
}

@Suite("Intervals of few subjects")
struct FewSubjectsTests {
  @Test(
    "Of the mean of 8 normal differences Student's and the expanded interval hold, the percentile one is too narrow")
  func coverage() {
    var random = RandomSource(seed: 6)
    var held: [String: Int] = [:]
    for _ in 0..<1000 {
      let values = (0..<8).map { _ in 0.03 + 0.05 * random.normal() }
      func count(_ name: String, _ interval: Interval?) {
        if let interval, interval.lower <= 0.03, 0.03 <= interval.upper { held[name, default: 0] += 1 }
      }
      count("student", .student(values))
      for method in Interval.BootstrapMethod.allCases {
        let intervals = Interval.bootstrap(count: 8, draws: 400, method: method, using: &random) {
          [mean($0.map { values[$0] })]
        }
        count(method.rawValue, intervals[0])
      }
    }
    // Of 1000, a share of 95 % is off by 0.7 %.
    #expect((930...970).contains(held["student"] ?? 0))
    #expect((920...970).contains(held["expanded-percentile"] ?? 0))
    #expect((850...915).contains(held["percentile"] ?? 0))
    #expect((850...915).contains(held["bias-corrected"] ?? 0))
  }

  private func interval(_ values: [Double?], _ method: Interval.BootstrapMethod) -> Interval? {
    var random = RandomSource(seed: 7)
    return Interval.bootstrap(count: values.count, draws: 300, method: method, using: &random) { subjects in
      let defined = subjects.compactMap { values[$0] }
      return [defined.count == subjects.count ? mean(defined) : nil]
    }[0]
  }

  @Test("None, one or two subjects, equal ones, missing ones: no corrected interval, and no crash")
  func degenerate() {
    for method in [Interval.BootstrapMethod.expandedPercentile, .biasCorrected] {
      #expect(interval([], method) == nil)
      #expect(interval([1], method) == nil)
      #expect(interval([1, 2], method) == nil)
      #expect(interval([1, 2, .nan, .nan, .nan], method) == nil)
      #expect(interval([1, 2, 3], method) != nil)
    }
    // 0.1 three times is not 0.3: the last bits are no difference.
    #expect(interval(Array(repeating: 0.1, count: 8), .biasCorrected) == nil)
    #expect(interval(Array(repeating: 0, count: 8), .biasCorrected) == nil)
    // Most draws of three subjects miss one; without one of them the statistic is not defined.
    #expect(interval([1, 2, nil], .biasCorrected) == nil)
    #expect(interval([1, 2, 3, 4, 5, 6, 7, .infinity], .biasCorrected) == nil)
    #expect(Interval.student([]) == nil)
    #expect(Interval.student([1]) == nil)
    #expect(Interval.student([0.1, 0.1, 0.1]) == nil)
    #expect(Interval.student([0.1, .nan, 0.3]) == nil)
    #expect(Interval.student([0.1, .infinity]) == nil)
    #expect(Interval.student([0.1, 0.2], level: 1) == nil)
  }

  @Test("A correction is of the statistic, not of its unit: tenths tie as whole numbers do")
  func unit() throws {
    let whole: [Double] = [0, 0, 1, 1, 1, 2, 3, 7]
    func correction(_ values: [Double]) throws -> BiasCorrection {
      var random = RandomSource(seed: 8)
      let draws = (0..<500).compactMap { _ in
        mean(values.indices.map { _ in values[Int.random(in: 0..<values.count, using: &random)] })
      }
      return try #require(
        BiasCorrection(
          estimate: mean(values), draws: draws,
          leavingOneOut: values.indices.map { index in mean(values.indices.filter { $0 != index }.map { values[$0] }) })
      )
    }
    let (tenths, ones) = (try correction(whole.map { $0 / 10 }), try correction(whole))
    #expect(tenths.bias == ones.bias)
    expectClose([tenths.acceleration], [ones.acceleration])
    #expect(ones.acceleration > 0)
  }

  @Test("A correction that the draws cannot carry is none")
  func impossible() {
    #expect(BiasCorrection(estimate: 0, draws: [1, 2, 3], leavingOneOut: [0, 1, 2]) == nil)
    #expect(BiasCorrection(estimate: 9, draws: [1, 2, 3], leavingOneOut: [0, 1, 2]) == nil)
    #expect(BiasCorrection(estimate: 2, draws: [], leavingOneOut: [0, 1, 2]) == nil)
    #expect(BiasCorrection(estimate: nil, draws: [1, 2, 3], leavingOneOut: [0, 1, 2]) == nil)
    #expect(BiasCorrection(estimate: 2, draws: [1, 2, 3], leavingOneOut: [0, nil, 2]) == nil)
    #expect(BiasCorrection(estimate: 2, draws: [1, 2, 3], leavingOneOut: [0, 2]) == nil)
  }
}
