/// Plain numbers of a window of one channel, for baselines: they say what a model without learning can see.
public struct WindowFeatures: Hashable, Sendable {
  public let sampleRateHz: Double
  public let bandsHz: [Range<Double>]

  /// - Parameters:
  ///   - sampleRateHz: Of the windows.
  ///   - bandsHz: Bands whose power is a feature each.
  /// - Throws: ``SignalError`` if the rate is not positive.
  public init(sampleRateHz: Double, bandsHz: [Range<Double>] = []) throws {
    guard sampleRateHz > 0, sampleRateHz.isFinite else {
      throw SignalError.setting(name: "a sample rate of", found: "\(sampleRateHz) Hz", expected: "a positive number")
    }
    self.sampleRateHz = sampleRateHz
    self.bandsHz = bandsHz
  }

  /// The features' names in their order:
  /// - `mean`; `deviation`, the population's;
  /// - `minimum`, `quartile_1`, `median`, `quartile_3`, `maximum`;
  /// - `zero_crossings`: changes of sign a second after the mean is taken away (0 counts as positive);
  /// - `power_<low>_<high>`: the power in a band, from the window's periodogram under Hann's taper.
  public var names: [String] {
    ["mean", "deviation", "minimum", "quartile_1", "median", "quartile_3", "maximum", "zero_crossings"]
      + bandsHz.map { "power_\($0.lowerBound)_\($0.upperBound)" }
  }

  /// - Parameters:
  ///   - windows: `[windows, samples]`.
  ///   - samples: Samples in a window, at least 1.
  /// - Returns: `[windows, features]` in the order of ``names``. A window with a sample that is not finite has NaN
  ///   everywhere.
  /// - Throws: ``SignalError`` if `windows` is no whole number of windows.
  public func callAsFunction(_ windows: [Float], samples: Int) throws -> [Float] {
    let count = try rowCount(windows.count, of: samples, "samples")
    let powers: [[Float]] =
      if bandsHz.isEmpty || count == 0 {
        []
      } else {
        try bands(windows, samples: samples)
      }
    var features: [Float] = []
    features.reserveCapacity(count * names.count)
    for index in 0..<count {
      let window = Array(windows[index * samples..<(index + 1) * samples])
      guard window.allSatisfy(\.isFinite) else {
        features.append(contentsOf: repeatElement(.nan, count: 8 + bandsHz.count))
        continue
      }
      features.append(contentsOf: plain(window))
      features.append(contentsOf: powers.map { $0[index] })
    }
    return features
  }

  private func bands(_ windows: [Float], samples: Int) throws -> [[Float]] {
    let spectrum = try PowerSpectrum.periodogram(
      windows, samples: samples, sampleRateHz: sampleRateHz, window: .hann)
    return bandsHz.map { spectrum.power(inHz: $0) }
  }

  private func plain(_ window: [Float]) -> [Float] {
    let count = Double(window.count)
    let mean = window.reduce(0.0) { $0 + Double($1) } / count
    let variance = window.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    var crossings = 0
    for index in 1..<max(1, window.count) where (Double(window[index]) >= mean) != (Double(window[index - 1]) >= mean) {
      crossings += 1
    }
    var quantile = Quantiles(window)
    let quartiles = [0, 0.25, 0.5, 0.75, 1].map { Float(quantile($0)) }
    return [Float(mean), Float(variance.squareRoot())] + quartiles + [Float(Double(crossings) * sampleRateHz / count)]
  }
}
