/// How a channel's centre and spread are measured.
public enum NormalizationKind: Hashable, Sendable {
  /// Mean and standard deviation (of the population).
  case standard
  /// Median and distance of the quartiles, as scikit-learn's `RobustScaler`.
  case interquartileRange
  /// Median and 1.4826 times the median distance from it, which is the standard deviation where values are normal.
  case medianAbsoluteDeviation
}

/// A channel's centre and spread, measured on the finite samples of one part of the data and applied to any.
public struct Normalization: Hashable, Codable, Sendable {
  public let center: Double
  public let spread: Double

  public init(center: Double, spread: Double) {
    self.center = center
    self.spread = spread
  }

  /// - Parameter samples: What is not finite is left out.
  /// - Throws: ``SignalError/onlyMissing(samples:)`` if nothing is finite; ``SignalError/noVariance(samples:)`` if
  ///   the spread is zero.
  public init(measuring samples: [Float], _ kind: NormalizationKind = .standard) throws {
    let finite = samples.filter(\.isFinite)
    guard let first = finite.first else { throw SignalError.onlyMissing(samples: samples.count) }
    guard finite.contains(where: { $0 != first }) else { throw SignalError.noVariance(samples: samples.count) }
    switch kind {
    case .standard:
      let count = Double(finite.count)
      center = finite.reduce(0.0) { $0 + Double($1) } / count
      let mean = center
      spread = (finite.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
    case .interquartileRange:
      var quantile = Quantiles(finite)
      center = quantile(0.5)
      spread = quantile(0.75) - quantile(0.25)
    case .medianAbsoluteDeviation:
      var quantile = Quantiles(finite)
      let median = quantile(0.5)
      center = median
      var distance = Quantiles(finite.map { Float(abs(Double($0) - median)) })
      spread = 1.4826 * distance(0.5)
    }
    guard spread > 0 else { throw SignalError.noVariance(samples: samples.count) }
  }

  /// Samples less the centre, divided by the spread. A NaN stays one.
  ///
  /// - Parameter clip: What lies further from zero is set to it.
  public func callAsFunction(_ samples: [Float], clip: Float? = nil) -> [Float] {
    let (center, scale) = (Float(center), Float(1 / spread))
    guard let clip else { return samples.map { ($0 - center) * scale } }
    return samples.map { sample in
      let value = (sample - center) * scale
      return value > clip ? clip : value < -clip ? -clip : value
    }
  }
}
