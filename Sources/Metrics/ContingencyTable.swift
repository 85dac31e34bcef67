import Foundation

/// How many windows each pair of groups of two groupings shares.
struct ContingencyTable {
  private struct Cell: Hashable { let row: Int, column: Int }

  private var cells: [Cell: Double] = [:]
  private var rows: [Int: Double] = [:]
  private var columns: [Int: Double] = [:]
  private let total: Double

  /// Of the windows that both group: -1 is none. `nil` without such windows or where the lengths differ.
  init?(_ first: [Int], _ second: [Int]) {
    let pairs = zip(first, second).filter { $0 != -1 && $1 != -1 }
    guard first.count == second.count, !pairs.isEmpty else { return nil }
    for (row, column) in pairs {
      cells[Cell(row: row, column: column), default: 0] += 1
      rows[row, default: 0] += 1
      columns[column, default: 0] += 1
    }
    total = Double(pairs.count)
  }

  var adjustedRandIndex: Double {
    func pairs(_ counts: some Sequence<Double>) -> Double { counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
    let (together, inFirst, inSecond) = (pairs(cells.values), pairs(rows.values), pairs(columns.values))
    let chance = total > 1 ? inFirst * inSecond / (total * (total - 1) / 2) : 0
    let most = (inFirst + inSecond) / 2
    return most == chance ? 1 : (together - chance) / (most - chance)
  }

  var purity: Double {
    cells.reduce(into: [Int: Double]()) { most, cell in
      most[cell.key.row] = max(most[cell.key.row] ?? 0, cell.value)
    }.values.reduce(0, +) / total
  }

  var mutualInformation: Double {
    let information = sum(
      cells.map { cell, count in
        count / total * log(count * total / ((rows[cell.row] ?? 1) * (columns[cell.column] ?? 1)))
      })
    return max(0, information)
  }

  var normalizedMutualInformation: Double {
    if rows.count == 1, columns.count == 1 { return 1 }
    let mean = (entropy(rows.values) + entropy(columns.values)) / 2
    return mean > 0 ? min(1, mutualInformation / mean) : 0
  }

  private func entropy(_ counts: some Sequence<Double>) -> Double {
    -sum(counts.map { $0 / total * log($0 / total) })
  }

  /// A sum in a fixed order: dictionaries have none, and results must not depend on it.
  private func sum(_ terms: some Sequence<Double>) -> Double { terms.sorted().reduce(0, +) }
}
