/// Changes maps to another number of rows and columns by bilinear interpolation, as
/// `torch.nn.functional.interpolate(mode="bilinear", align_corners=False)`: cell centres at halves, edges repeated,
/// no low pass before.
public struct BilinearResampling: Hashable, Sendable {
  public let rows: Int
  public let columns: Int
  public let newRows: Int
  public let newColumns: Int
  private let rowSteps: [Step]
  private let columnSteps: [Step]

  /// The two cells of the old axis that a new cell lies between, and the second one's weight.
  private struct Step: Hashable, Sendable {
    let first: Int
    let second: Int
    let weight: Float
  }

  /// - Throws: ``SignalError`` if a side is not positive.
  public init(rows: Int, columns: Int, newRows: Int, newColumns: Int) throws {
    for (rows, columns) in [(rows, columns), (newRows, newColumns)] where min(rows, columns) < 1 {
      throw SignalError.setting(name: "a map of", found: "\(rows) x \(columns)", expected: "at least 1 x 1")
    }
    self.rows = rows
    self.columns = columns
    self.newRows = newRows
    self.newColumns = newColumns
    rowSteps = Self.steps(from: rows, to: newRows)
    columnSteps = Self.steps(from: columns, to: newColumns)
  }

  private static func steps(from old: Int, to new: Int) -> [Step] {
    let scale = Double(old) / Double(new)
    return (0..<new).map { index in
      let position = max(0, (Double(index) + 0.5) * scale - 0.5)
      let first = min(Int(position), old - 1)
      return Step(first: first, second: min(first + 1, old - 1), weight: Float(position - Double(first)))
    }
  }

  /// - Parameter maps: `[maps, rows, columns]`.
  /// - Returns: `[maps, newRows, newColumns]`.
  /// - Throws: ``SignalError`` if `maps` is no whole number of maps.
  public func callAsFunction(_ maps: [Float]) throws -> [Float] {
    let count = try rowCount(maps.count, of: rows * columns, "cells")
    let size = newRows * newColumns
    return [Float](unsafeUninitializedCapacity: count * size) { result, initialized in
      maps.withUnsafeBufferPointer { maps in
        guard let source = maps.baseAddress, let target = result.baseAddress else { return }
        withScratch { scratch in
          for index in 0..<count {
            write(source + index * rows * columns, into: target + index * size, scratch: scratch)
          }
        }
      }
      initialized = count * size
    }
  }

  /// Room for one row that ``write(_:into:scratch:)`` works in.
  package func withScratch(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { scratch in
      if let base = scratch.baseAddress { body(base) }
    }
  }

  /// Resamples one map.
  package func write(
    _ map: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    rowSteps.withUnsafeBufferPointer { rowSteps in
      columnSteps.withUnsafeBufferPointer { columnSteps in
        for (row, step) in rowSteps.enumerated() {
          let (upper, lower) = (map + step.first * columns, map + step.second * columns)
          let line = result + row * newColumns
          let blended = columns == newColumns ? line : scratch
          if step.weight == 0 {
            blended.update(from: upper, count: columns)
          } else {
            for i in 0..<columns { blended[i] = upper[i] * (1 - step.weight) + lower[i] * step.weight }
          }
          guard columns != newColumns else { continue }
          for (column, step) in columnSteps.enumerated() {
            line[column] = scratch[step.first] * (1 - step.weight) + scratch[step.second] * step.weight
          }
        }
      }
    }
  }
}
