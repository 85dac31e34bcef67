/// The mean; `nil` of nothing.
public func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The median; `nil` of nothing.
public func median(_ values: [Double]) -> Double? { quantile(values, 0.5) }

/// The standard deviation of a sample, with `n - 1` below; `nil` of fewer than two values.
public func standardDeviation(_ values: [Double]) -> Double? {
  guard values.count > 1, let mean = mean(values) else { return nil }
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
}

/// The quantile with linear interpolation, as NumPy's; `nil` of nothing or with a NaN.
///
/// - Parameter share: 0 to 1.
public func quantile(_ values: [Double], _ share: Double) -> Double? {
  guard !values.isEmpty, !values.contains(where: \.isNaN) else { return nil }
  let sorted = values.sorted()
  let position = min(max(share, 0), 1) * Double(sorted.count - 1)
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
}
