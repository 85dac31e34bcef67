/// Holm's step-down adjustment of the p values of several tests, which keeps the chance of any false finding among them.
///
/// Holm, "A simple sequentially rejective multiple test procedure" (1979). The smallest of `m` values is multiplied by `m`, the next
/// by `m - 1` and so on; none becomes less than the one before it, none more than 1. A test is significant at a level where its
/// adjusted value is at most that level, whether the tests depend on each other or not. Equal values stay equal.
///
/// - Parameter pValues: One a test, 0 to 1, in any order. NaN, or a number outside, is a test that was not made: it does not count.
/// - Returns: One a test, in the same order, 0 to 1; NaN of a test that was not made.
public func holm(_ pValues: [Double]) -> [Double] {
  let made = pValues.indices.filter { (0...1).contains(pValues[$0]) }.sorted { pValues[$0] < pValues[$1] }
  var adjusted = Array(repeating: Double.nan, count: pValues.count)
  var largest = 0.0
  for (rank, index) in made.enumerated() {
    largest = max(largest, min(1, Double(made.count - rank) * pValues[index]))
    adjusted[index] = largest
  }
  return adjusted
}
