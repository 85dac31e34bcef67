extension IrregularSamples {
  /// The derivative in time: central differences weighted by both steps, one-sided at the ends, as `numpy.gradient`.
  ///
  /// - Returns: One value a time, in the samples' unit a second; zeros where there are fewer than two samples.
  public func derivative() -> [Float] {
    guard seconds.count > 1 else { return values.map { _ in 0 } }
    func slope(_ index: Int) -> Double {
      Double(values[index + 1] - values[index]) / (seconds[index + 1] - seconds[index])
    }
    return values.indices.map { index in
      if index == 0 { return Float(slope(0)) }
      let before = slope(index - 1)
      if index + 1 == values.count { return Float(before) }
      let (left, right) = (seconds[index] - seconds[index - 1], seconds[index + 1] - seconds[index])
      return Float((right * before + left * slope(index)) / (left + right))
    }
  }

  /// The difference of each sample from the one before it, over the time between them.
  ///
  /// - Returns: One value a time but the first, in the samples' unit a second.
  public func backwardDifferences() -> [Float] {
    values.indices.dropFirst().map { index in
      Float(Double(values[index] - values[index - 1]) / (seconds[index] - seconds[index - 1]))
    }
  }
}

/// The length of the vector that several channels make at each instant: `sqrt(x * x + y * y + …)`.
///
/// - Parameter channels: `[channels][samples]`, all of one length.
/// - Returns: `[samples]`, NaN where one of them is.
public func magnitude(of channels: [[Float]]) -> [Float] {
  guard let first = channels.first else { return [] }
  return first.indices.map { index in channels.reduce(0) { $0 + $1[index] * $1[index] }.squareRoot() }
}
