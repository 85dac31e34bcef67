import Foundation

/// The share of the standard normal distribution below a value, 0 to 1.
func normalShare(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

/// The quantile of the standard normal distribution.
///
/// - Parameter probability: Between 0 and 1.
package func normalQuantile(_ probability: Double) -> Double {
  if probability > 0.5 { return -normalQuantile(1 - probability) }
  // The share below -40 is less than the smallest number.
  var (low, high) = (-40.0, 0.0)
  for _ in 0..<100 {
    let middle = (low + high) / 2
    if normalShare(middle) < probability { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
