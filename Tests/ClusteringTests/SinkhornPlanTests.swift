import Clustering
import SleepCore
import TestSupport
import Testing

@Suite("Sharing units out among classes")
struct SinkhornPlanTests {
  @Test("Rows sum to 1 and columns have their shares, whatever is likely")
  func marginals() {
    var random = RandomSource(seed: 3, for: "plan")
    let likelihoods = (0..<30).map { _ in (0..<4).map { _ in Double.random(in: 0...1, using: &random) } }
    let shares = [1.0, 2, 3, 4]
    let plan = SinkhornPlan(likelihoods, shares: shares).probabilities
    expectClose(plan.map { $0.reduce(0, +) }, [Double](repeating: 1, count: 30), absolute: 1e-12)
    expectClose((0..<4).map { column in plan.reduce(0) { $0 + $1[column] } }, shares.map { $0 * 3 }, absolute: 1e-6)
  }

  @Test("It is the given likelihoods with each row and each class scaled, and nothing else")
  func scaling() {
    let likelihoods = [[0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.6, 0.3, 0.1]]
    let plan = SinkhornPlan(likelihoods, shares: [1, 1, 1]).probabilities
    // Odds ratios between two rows and two columns are those of the likelihoods.
    for (row, column) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
      let given = likelihoods[0][0] * likelihoods[row][column] / (likelihoods[0][column] * likelihoods[row][0])
      let found = plan[0][0] * plan[row][column] / (plan[0][column] * plan[row][0])
      expectClose([found], [given], relative: 1e-6)
    }
    // All three prefer the first class; one unit each is left for it, the second and the third.
    let best = plan.map { row in row.indices.max { row[$0] < row[$1] } ?? -1 }
    #expect(best == [0, 2, 1])
  }

  @Test(
    "What is equally likely gets the shares, a class of no share nothing, and an impossible one what is left for it")
  func ends() {
    expectClose(
      SinkhornPlan([[0, 0], [0, 0]], shares: [1, 3]).probabilities.flatMap(\.self), [0.25, 0.75, 0.25, 0.75])
    #expect(SinkhornPlan([[0.5, 0.5]], shares: [1, 0]).probabilities == [[1, 0]])
    #expect(SinkhornPlan([], shares: [1]).probabilities.isEmpty)
    let forced = SinkhornPlan([[1, 0], [1, 0]], shares: [1, 1]).probabilities
    expectClose(forced.map { $0[1] }, [0.5, 0.5], absolute: 1e-6)
  }
}
