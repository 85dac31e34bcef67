import Foundation

/// Shares units out among classes so that each class has the share that it is to have: as near to what each unit is likely to be as that
/// allows.
///
/// Entropic optimal transport by Sinkhorn's iterations: Cuturi, "Sinkhorn Distances" (NeurIPS 2013); as labels of a self-training, Asano,
/// Rupprecht and Vedaldi, "Self-labelling via simultaneous clustering and representation learning" (ICLR 2020).
public struct SinkhornPlan: Sendable {
  /// `[units, classes]`: how probable each class is of each unit; rows sum to 1.
  public let probabilities: [[Double]]

  /// - Parameters:
  ///   - likelihoods: `[units, classes]`, not negative; a row of zeros is as good as one of equal numbers.
  ///   - shares: What each class is to have of all units, not negative and not all 0; a class of share 0 gets nothing.
  ///   - iterations: Of rows and columns in turn.
  /// - Precondition: As many shares as there are classes in each row.
  public init(_ likelihoods: [[Double]], shares: [Double], iterations: Int = 100) {
    precondition(likelihoods.allSatisfy { $0.count == shares.count }, "a likelihood a class")
    let total = shares.reduce(0, +)
    let units = Double(likelihoods.count)
    // Nothing is impossible, or a class might find no unit at all.
    var plan = likelihoods.map { row in row.indices.map { shares[$0] > 0 ? max(row[$0], 0) + 1e-9 : 0 } }
    guard total > 0, !plan.isEmpty else {
      probabilities = plan
      return
    }
    for _ in 0..<iterations {
      for column in shares.indices where shares[column] > 0 {
        let sum = plan.reduce(0) { $0 + $1[column] }
        let factor = shares[column] / total * units / sum
        for row in plan.indices { plan[row][column] *= factor }
      }
      for row in plan.indices {
        let sum = plan[row].reduce(0, +)
        for column in shares.indices { plan[row][column] /= sum }
      }
    }
    probabilities = plan
  }
}
