package import Tensors

/// NT-Xent: each vector finds its partner among those of its group.
///
/// Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual Representations" (ICML
/// 2020), with negatives of the own group alone. The metric is how often the partner is the most alike; chance is
/// one among those that a vector is compared with, `1 / (2 * pairs - 1)` where all are of one group.
///
/// - Parameters:
///   - vectors: `[2 * pairs, width]` of any length: the first members of all pairs, then the second ones.
///   - groups: One a vector. Vectors of other groups are not compared.
///   - places: One a vector. Of vectors with the same number only partners are compared: a window that was drawn twice
///     is no negative of itself.
package func pairContrast(_ vectors: Tensor, temperature: Double, groups: [Int], places: [Int]) throws -> PretextResult
{
  let count = vectors.shape[0]
  precondition(count > 1 && count.isMultiple(of: 2) && groups.count == count && places.count == count, "whole pairs")
  let pairs = count / 2
  var apart = [Bool](repeating: false, count: count * count)
  var chance = 0.0
  for row in 0..<count {
    let partner = (row + pairs) % count
    var compared = 0
    for column in 0..<count {
      let related = groups[row] == groups[column] && row != column && places[row] != places[column]
      if column == partner || related { compared += 1 } else { apart[row * count + column] = true }
    }
    chance += 1 / Double(compared)
  }
  let mask = try Tensor(apart, shape: [count, count]).to(vectors.device)
  let directions = try unit(vectors)
  let logits = try (directions.matmul(directions.transposed(0, 1)) / temperature).filled(with: -1e4, where: mask)
  let truth = try Tensor((0..<count).map { Int64(($0 + pairs) % count) }).to(vectors.device)
  let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
  return PretextResult(loss: try logits.crossEntropy(truth), metric: accuracy, chance: chance / Double(count))
}
