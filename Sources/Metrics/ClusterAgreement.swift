import Foundation

/// How well two groupings of the same windows agree, whatever the groups are called.
public struct ClusterAgreement: Codable, Hashable, Sendable {
  /// 1 for equal groupings, 0 for what chance gives.
  ///
  /// Hubert and Arabie, "Comparing partitions" (1985).
  public let adjustedRandIndex: Double
  /// Mutual information over the mean of the two entropies, 0 to 1; 1 where both groupings have one group.
  public let normalizedMutualInformation: Double

  /// As scikit-learn's `adjusted_rand_score` and `normalized_mutual_info_score`. `nil` without windows or where the lengths differ.
  public init?(_ first: [Int], _ second: [Int]) {
    guard first.count == second.count, !first.isEmpty else { return nil }
    struct Cell: Hashable { let row: Int, column: Int }
    var cells: [Cell: Double] = [:]
    var (rows, columns): ([Int: Double], [Int: Double]) = ([:], [:])
    for (row, column) in zip(first, second) {
      cells[Cell(row: row, column: column), default: 0] += 1
      rows[row, default: 0] += 1
      columns[column, default: 0] += 1
    }
    let total = Double(first.count)

    func pairs(_ counts: some Sequence<Double>) -> Double { counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
    let (together, inFirst, inSecond) = (pairs(cells.values), pairs(rows.values), pairs(columns.values))
    let chance = total > 1 ? inFirst * inSecond / (total * (total - 1) / 2) : 0
    let most = (inFirst + inSecond) / 2
    adjustedRandIndex = most == chance ? 1 : (together - chance) / (most - chance)

    // Sums in a fixed order: dictionaries have none, and results must not depend on it.
    func sum(_ terms: some Sequence<Double>) -> Double { terms.sorted().reduce(0, +) }
    func entropy(_ counts: some Sequence<Double>) -> Double { -sum(counts.map { $0 / total * log($0 / total) }) }
    let information = sum(
      cells.map { cell, count in
        count / total * log(count * total / ((rows[cell.row] ?? 1) * (columns[cell.column] ?? 1)))
      })
    let mean = (entropy(rows.values) + entropy(columns.values)) / 2
    normalizedMutualInformation =
      rows.count == 1 && columns.count == 1 ? 1 : mean > 0 ? min(1, max(0, information / mean)) : 0
  }
}
