package import Tensors

/// How often a vector's partner is the nearest of a batch, and how often it would be by chance.
package struct PartnerSearch {
  /// The share of vectors whose partner is nearer to them than the partner of any other.
  package let found: Double
  /// The share where one of those that a vector is compared with is picked blindly.
  package let chance: Double

  /// - Parameters:
  ///   - vectors: `[pairs, features]`.
  ///   - partners: `[pairs, features]`: row by row the partners, among which each vector looks for its own.
  ///   - places: One a pair. Of pairs with the same number only the own partner counts: a window that was drawn twice is not
  ///     to be told from itself.
  package init(_ vectors: Tensor, among partners: Tensor, places: [Int]) throws {
    let count = vectors.shape[0]
    precondition(count > 0 && partners.shape[0] == count && places.count == count, "whole pairs")
    var left = [Bool](repeating: false, count: count * count)
    var chance = 0.0
    for row in 0..<count {
      for column in 0..<count { left[row * count + column] = row != column && places[row] == places[column] }
      chance += 1 / Double(left[(row * count)..<((row + 1) * count)].count { !$0 })
    }
    self.chance = chance / Double(count)
    found = try LibTorch.withoutGradients {
      // |a - b|^2 without |a|^2, which is the same for all that a vector is compared with. Without the common mean, which
      // changes no distance, little is lost to rounding.
      let middle = try partners.mean([0], keepAxes: true)
      let (own, others) = try (vectors - middle, partners - middle)
      let nearness = try own.matmul(others.transposed(0, 1)) * 2 - others.power(2).sum([1]).unsqueezed(0)
      let mask = try Tensor(left, shape: [count, count]).to(vectors.device)
      let truth = try Tensor.range(0..<count, device: vectors.device)
      return try nearness.filled(with: -1e30, where: mask).argmax(1).equals(truth).to(.float32)
        .mean().item()
    }
  }

  /// Both ways: the first members of pairs among the second ones, and the second ones among the first.
  ///
  /// - Parameters:
  ///   - vectors: `[2 * pairs, features]`: the first members of all pairs, then the second ones.
  ///   - wanted: The same; each vector looks for its partner among these.
  ///   - places: One a vector.
  package static func bothWays(_ vectors: Tensor, among wanted: Tensor, places: [Int]) throws -> PartnerSearch {
    let pairs = vectors.shape[0] / 2
    let (own, others) = try (vectors.split(pairs, axis: 0), wanted.split(pairs, axis: 0))
    let there = try PartnerSearch(own[0], among: others[1], places: Array(places.prefix(pairs)))
    let back = try PartnerSearch(own[1], among: others[0], places: Array(places.suffix(pairs)))
    return PartnerSearch(found: (there.found + back.found) / 2, chance: (there.chance + back.chance) / 2)
  }

  private init(found: Double, chance: Double) { (self.found, self.chance) = (found, chance) }
}
