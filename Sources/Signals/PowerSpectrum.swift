/// The power spectral density of a batch of signals.
public struct PowerSpectrum: Sendable {
  /// In Hz, `[bins]`.
  public let frequenciesHz: [Double]
  /// In squared units per Hz, one-sided, `[batch, bins]`.
  public let density: [Float]

  /// Welch's average of the frames' periodograms, as `scipy.signal.welch`: Hann's window and half of the frame as
  /// hop unless told otherwise, each frame's mean taken away.
  ///
  /// - Parameters:
  ///   - signals: `[batch, samples]`.
  ///   - samples: At least `windowSamples`.
  /// - Throws: ``SignalError`` if a signal is shorter than a frame.
  public static func welch(
    _ signals: [Float], samples: Int, sampleRateHz: Double, windowSamples: Int, hopSamples: Int? = nil,
    window: WindowFunction = .hann
  ) throws -> PowerSpectrum {
    let plan = try SpectrogramPlan(
      windowSamples: windowSamples, hopSamples: hopSamples ?? windowSamples - windowSamples / 2, window: window,
      detrend: true, quantity: .density(sampleRateHz: sampleRateHz))
    let frames = plan.frames(samples: samples)
    let parts = try plan(signals, samples: samples)
    let bins = plan.bins
    let batch = frames == 0 ? 0 : parts.count / (frames * bins)
    var density = [Float](repeating: 0, count: batch * bins)
    var sums = [Double](repeating: 0, count: bins)
    for row in 0..<batch {
      for bin in 0..<bins { sums[bin] = 0 }
      for frame in 0..<frames {
        let start = (row * frames + frame) * bins
        for bin in 0..<bins { sums[bin] += Double(parts[start + bin]) }
      }
      for bin in 0..<bins { density[row * bins + bin] = Float(sums[bin] / Double(frames)) }
    }
    return PowerSpectrum(frequenciesHz: plan.frequencies(sampleRateHz: sampleRateHz), density: density)
  }

  /// The periodogram of whole signals, as `scipy.signal.periodogram`: one frame, its mean taken away, and no window
  /// unless told.
  ///
  /// - Parameter signals: `[batch, samples]`.
  /// - Throws: ``SignalError`` if `signals` is no whole number of rows.
  public static func periodogram(
    _ signals: [Float], samples: Int, sampleRateHz: Double, window: WindowFunction = .rectangular
  ) throws -> PowerSpectrum {
    try welch(
      signals, samples: samples, sampleRateHz: sampleRateHz, windowSamples: samples, hopSamples: samples,
      window: window)
  }

  /// The power in a band: the densities of the bins in it, times the bins' width.
  ///
  /// - Parameter bandHz: Its lower end belongs to it, its upper one does not, so that touching bands share no bin.
  /// - Returns: `[batch]`, in squared units; 0 where no bin lies in the band.
  public func power(inHz bandHz: Range<Double>) -> [Float] {
    let bins = frequenciesHz.count
    guard bins > 1 else { return [Float](repeating: 0, count: bins == 0 ? 0 : density.count) }
    let width = frequenciesHz[1] - frequenciesHz[0]
    let inside = (0..<bins).filter { bandHz.contains(frequenciesHz[$0]) }
    return (0..<density.count / bins).map { row in
      Float(inside.reduce(0.0) { $0 + Double(density[row * bins + $1]) } * width)
    }
  }
}
