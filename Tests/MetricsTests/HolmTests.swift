import Metrics
import SleepCore
import TestSupport
import Testing

@Suite("Holm's adjustment of p values")
struct HolmTests {
  @Test(
    "Worked by hand",
    arguments: [
      ([], []),
      ([0.3], [0.3]),
      // 4 * 0.005, 3 * 0.01, 2 * 0.03, 0.04 raised to the one before it.
      ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
      // Equal values: 3 * 0.02, 2 * 0.02 raised, and 0.5.
      ([0.02, 0.5, 0.02], [0.06, 0.5, 0.06]),
      // No more than 1: 3 * 0.5.
      ([0.5, 0.6, 0.7], [1, 1, 1]),
      ([0, 1], [0, 1]),
    ] as [([Double], [Double])])
  func byHand(pValues: [Double], expected: [Double]) { expectClose(holm(pValues), expected) }

  @Test("A test that was not made does not count")
  func missing() {
    let adjusted = holm([0.02, .nan, 0.01, -0.1, 1.1, .infinity])
    expectClose([adjusted[0], adjusted[2]], [0.02, 0.02])
    #expect([1, 3, 4, 5].allSatisfy { adjusted[$0].isNaN })
    #expect(holm([.nan])[0].isNaN)
  }

  @Test("The adjusted value is the least level at which Holm's procedure rejects, and the closure of Bonferroni's test")
  func definition() {
    var random = RandomSource(seed: 1)
    // In sixty-fourths, so that products are exact and there are ties.
    for count in 1...6 {
      for _ in 0..<40 {
        let values = (0..<count).map { _ in Int.random(in: 0...24, using: &random) }
        let adjusted = holm(values.map { Double($0) / 64 }).map { $0 * 64 }
        #expect(adjusted == values.indices.map { Double(leastLevel(rejecting: $0, of: values)) })
        #expect(adjusted == values.indices.map { Double(closure(at: $0, of: values)) })
      }
    }
  }

  /// Rejects the smallest at a level over `m`, the next over `m - 1`, until one is larger.
  private func isRejected(_ index: Int, of values: [Int], level: Int) -> Bool {
    let order = values.indices.sorted { values[$0] < values[$1] }
    for (rank, other) in order.enumerated() {
      guard values[other] * (values.count - rank) <= level else { return false }
      if values[other] == values[index] { return true }
    }
    return false
  }

  private func leastLevel(rejecting index: Int, of values: [Int]) -> Int {
    (0...64).first { isRejected(index, of: values, level: $0) } ?? 64
  }

  /// The largest Bonferroni value of all sets of tests that hold this one.
  private func closure(at index: Int, of values: [Int]) -> Int {
    let sets = (0..<(1 << values.count)).filter { $0 >> index & 1 == 1 }
    let largest = sets.map { set in
      let members = values.indices.filter { set >> $0 & 1 == 1 }
      return members.count * (members.map { values[$0] }.min() ?? 0)
    }.max()
    return min(64, largest ?? 0)
  }
}
