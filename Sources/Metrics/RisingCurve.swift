import Foundation

/// How much of one thing another is worth, read off a curve that rises.
///
/// A curve of measured values seldom rises everywhere; it is first made to, by the means of neighbours that fall (pool adjacent violators:
/// Ayer and others, "An empirical distribution function for sampling with incomplete information", 1955).
public struct RisingCurve: Sendable {
  private let amounts: [Double]
  private let values: [Double]

  /// - Parameters:
  ///   - amounts: Above 0, each greater than the one before: labelled people.
  ///   - values: What each amount reaches.
  /// - Returns: `nil` with fewer than two points, or where they are no such amounts or not finite.
  public init?(amounts: [Double], values: [Double]) {
    guard amounts.count == values.count, amounts.count > 1, amounts[0] > 0, values.allSatisfy(\.isFinite),
      zip(amounts, amounts.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    var blocks: [(sum: Double, count: Int)] = []
    for value in values {
      blocks.append((value, 1))
      while blocks.count > 1,
        blocks[blocks.count - 2].sum / Double(blocks[blocks.count - 2].count)
          >= blocks[blocks.count - 1].sum / Double(blocks[blocks.count - 1].count)
      {
        let last = blocks.removeLast()
        blocks[blocks.count - 1] = (
          blocks[blocks.count - 1].sum + last.sum, blocks[blocks.count - 1].count + last.count
        )
      }
    }
    self.amounts = amounts
    self.values = blocks.flatMap { block in [Double](repeating: block.sum / Double(block.count), count: block.count) }
  }

  /// The amount that reaches a value, between two points on a logarithmic scale of amounts; the first or last amount for a value that
  /// lies below or above all points.
  public func amount(reaching value: Double) -> Double {
    guard let above = values.firstIndex(where: { $0 >= value }) else { return amounts[amounts.count - 1] }
    guard above > 0 else { return amounts[0] }
    let (low, high) = (values[above - 1], values[above])
    let share = (value - low) / (high - low)
    return amounts[above - 1] * pow(amounts[above] / amounts[above - 1], share)
  }
}
