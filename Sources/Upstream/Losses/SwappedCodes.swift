import Clustering
import Foundation
package import Tensors

/// Cross-entropy of what is seen in each view with the code of its partner, and the codes.
///
/// Caron and others, "Unsupervised Learning of Visual Features by Contrasting Cluster Assignments" (NeurIPS 2020), equations 2 and 3, for
/// two views. A code shares a window out among prototypes so that the windows of its group use all prototypes alike; the first members of
/// all pairs and the second ones have codes of their own. No gradient comes of codes.
///
/// - Parameters:
///   - likeness: `[2 * pairs, prototypes]`, in `-1...1`: the first members of all pairs, then the second ones.
///   - groups: One a view: the windows that use all prototypes alike together.
///   - sharpness: What likeness is divided by before it is shared out; the smaller, the more a code is one prototype.
///   - iterations: Of Sinkhorn's algorithm.
/// - Returns: The loss, a scalar, and the codes, `[2 * pairs][prototypes]`.
package func swappedCodes(
  _ likeness: Tensor, groups: [Int], temperature: Double, sharpness: Double, iterations: Int
) throws -> (loss: Tensor, codes: [[Double]]) {
  let (count, prototypes) = (likeness.shape[0], likeness.shape[1])
  precondition(count > 0 && count.isMultiple(of: 2) && groups.count == count, "whole pairs")
  let values = try likeness.detach().values(Float.self)
  let shares = [Double](repeating: 1, count: prototypes)
  var codes = [[Double]](repeating: [], count: count)
  for members in [0..<(count / 2), (count / 2)..<count] {
    for rows in Dictionary(grouping: members, by: { groups[$0] }).values {
      // A factor that all have in common changes no plan, and keeps the least of them far above zero.
      let likelihoods = rows.map { row in
        values[(row * prototypes)..<((row + 1) * prototypes)].map { exp((Double($0) + 1) / sharpness) }
      }
      let plan = SinkhornPlan(likelihoods, shares: shares, iterations: iterations)
      for (row, code) in zip(rows, plan.probabilities) { codes[row] = code }
    }
  }
  let partners = (0..<count).flatMap { codes[($0 + count / 2) % count].map { Float($0) } }
  let wanted = try Tensor(partners, shape: [count, prototypes]).to(likeness.device)
  return (try (wanted * (likeness / temperature).logSoftmax(1)).sum([1]).mean() * -1, codes)
}
