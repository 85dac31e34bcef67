import Foundation

/// The quantile of Student's t distribution.
///
/// - Parameter probability: Between 0 and 1.
func studentQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
  if probability < 0.5 { return -studentQuantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
  let tail = 2 * (1 - probability)
  // The two-sided tail at t is I(x; df / 2, 1 / 2) with x = df / (df + t²), which rises with x.
  var (low, high) = (0.0, 1.0)
  for _ in 0..<200 {
    let middle = (low + high) / 2
    if incompleteBeta(middle, degreesOfFreedom / 2, 0.5) < tail { low = middle } else { high = middle }
  }
  let x = (low + high) / 2
  return (degreesOfFreedom * (1 - x) / x).squareRoot()
}

/// The regularised incomplete beta function, by the continued fraction of Abramowitz and Stegun 26.5.8 and Lentz's method.
private func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 || x >= 1 { return x <= 0 ? 0 : 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  func apart(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / apart(1 - (a + b) * x / (a + 1))
  var fraction = d
  for step in 1...500 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / apart(1 + even * d)
    c = apart(1 + even / c)
    fraction *= c * d
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / apart(1 + odd * d)
    c = apart(1 + odd / c)
    fraction *= c * d
    if abs(c * d - 1) < 1e-15 { break }
  }
  return front * fraction
}
