package import Tensors

/// Leave-one-out contrast: the vector of each part finds the mean of the other parts' vectors of the same window among those of other
/// windows.
///
/// Thapa and others, "SleepFM: Multi-modal Representation Learning for Sleep Across Brain Activity, ECG and Respiratory Signals" (ICML
/// 2024): the softmax over cosines by the temperature, with a part a sensor. The loss is the mean over all parts and windows, the metric how often
/// the own mean has the greatest cosine, and chance one among those that a vector is compared with.
///
/// - Parameters:
///   - parts: `[windows, width]`, each of any length; at least two.
///   - isThere: Of each part, the windows that it has. A window of one part alone is not asked about.
///   - groups: One a window. Windows of other groups are not compared.
///   - places: One a window. Of windows with the same number only the own mean is compared: a window that was drawn twice is no negative of
///     itself.
package func leaveOneOutContrast(
  _ parts: [Tensor], isThere: [[Bool]], temperature: Double, groups: [Int], places: [Int]
) throws -> PretextResult {
  let count = groups.count
  precondition(parts.count > 1 && isThere.count == parts.count && places.count == count, "parts of the same windows")
  let device = parts[0].device
  let flags = try isThere.map { try Tensor($0.map { $0 ? Float(1) : 0 }, shape: [count, 1]).to(device) }
  let units = try zip(parts, flags).map { try unit($0) * $1 }
  var (losses, asked, right, chance): ([Tensor], Int, Double, Double) = ([], 0, 0, 0)
  for part in parts.indices {
    let others = parts.indices.filter { $0 != part }
    let rows = (0..<count).filter { row in isThere[part][row] && others.contains { isThere[$0][row] } }
    guard !rows.isEmpty else { continue }
    let indices = try Tensor(rows.map(Int64.init)).to(device)
    // A mean's length makes no difference to a cosine.
    let sum = try others.dropFirst().reduce(units[others[0]]) { try $0 + units[$1] }
    let means = try unit(sum.select(0, indices: indices))
    let own = try units[part].select(0, indices: indices)
    var apart = [Bool](repeating: false, count: rows.count * rows.count)
    for (first, row) in rows.enumerated() {
      var compared = 0
      for (second, other) in rows.enumerated() {
        let isCompared = first == second || groups[row] == groups[other] && places[row] != places[other]
        if isCompared { compared += 1 } else { apart[first * rows.count + second] = true }
      }
      chance += 1 / Double(compared)
    }
    let mask = try Tensor(apart, shape: [rows.count, rows.count]).to(device)
    let logits = try (own.matmul(means.transposed(0, 1)) / temperature).filled(with: -1e4, where: mask)
    let truth = try Tensor.range(0..<rows.count, device: device)
    losses.append(try logits.crossEntropy(truth) * Double(rows.count))
    right += try logits.argmax(1).equals(truth).to(.float32).sum().item()
    asked += rows.count
  }
  guard let first = losses.first else {
    // Nothing is asked, and nothing is taught.
    return PretextResult(
      loss: try parts.dropFirst().reduce(parts[0].sum()) { try $0 + $1.sum() } * 0, metric: 1, chance: 1)
  }
  let total = try losses.dropFirst().reduce(first) { try $0 + $1 }
  return PretextResult(loss: try total / Double(asked), metric: right / Double(asked), chance: chance / Double(asked))
}
