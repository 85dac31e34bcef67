import Foundation

/// How signals are cut into frames and what is taken of each frame's spectrum: a short-time Fourier transform in one
/// call for a whole batch.
///
/// ``init(windowSamples:hopSamples:fftLength:window:framing:detrend:quantity:)`` with `.padded` framing and
/// `.complex` is `scipy.signal.stft`; with `.whole` and `.density` it is `scipy.signal.spectrogram`.
public struct SpectrogramPlan: Hashable, Sendable {
  /// Which frames a signal has.
  public enum Framing: Hashable, Sendable {
    /// Only frames that lie in the signal: `1 + (samples - window) / hop`; a rest at the end is left out.
    case whole
    /// Half a window of zeros at both ends, and zeros at the end until the last frame is full. Frame `i` has its
    /// middle on sample `i * hop`.
    case padded
  }

  /// What stands in the result for each frame and frequency.
  public enum Quantity: Hashable, Sendable {
    /// Real and imaginary part, divided by the window's sum.
    case complex
    /// Absolute value of `complex`: a sine of amplitude 1 has 0.5.
    case magnitude
    /// Square of `magnitude`.
    case power
    /// One-sided power spectral density, in squared units per Hz.
    case density(sampleRateHz: Double)
    /// 10 times the decimal logarithm of `power`, which is raised to `floor` first so that silence stays finite.
    case decibels(floor: Float)
  }

  public let windowSamples: Int
  public let hopSamples: Int
  /// Samples of a frame after zeros are added behind the window.
  public let fftLength: Int
  public let window: WindowFunction
  public let framing: Framing
  /// Subtracts each frame's mean first.
  public let detrend: Bool
  public let quantity: Quantity
  /// Window, times the factor that makes the spectrum's unit.
  private let taper: [Float]

  /// - Parameters:
  ///   - windowSamples: Samples in a frame, at least 1.
  ///   - hopSamples: Samples from one frame's start to the next one's, at least 1.
  ///   - fftLength: At least `windowSamples`, which it is by default.
  /// - Throws: ``SignalError`` if a number is out of its range.
  public init(
    windowSamples: Int, hopSamples: Int, fftLength: Int? = nil, window: WindowFunction = .hann,
    framing: Framing = .whole, detrend: Bool = false, quantity: Quantity = .power
  ) throws {
    guard windowSamples >= 1 else {
      throw SignalError.setting(name: "a window of", found: "\(windowSamples) samples", expected: "at least 1")
    }
    guard hopSamples >= 1 else {
      throw SignalError.setting(name: "a hop of", found: "\(hopSamples) samples", expected: "at least 1")
    }
    let length = fftLength ?? windowSamples
    guard length >= windowSamples, length <= 1 << 26 else {
      throw SignalError.setting(
        name: "a transform length of", found: "\(length)", expected: "\(windowSamples), the window, to \(1 << 26)")
    }
    if case .density(let rate) = quantity, !(rate > 0 && rate.isFinite) {
      throw SignalError.setting(name: "a sample rate of", found: "\(rate) Hz", expected: "a positive number")
    }
    self.windowSamples = windowSamples
    self.hopSamples = hopSamples
    self.fftLength = length
    self.window = window
    self.framing = framing
    self.detrend = detrend
    self.quantity = quantity
    let values = window.values(count: windowSamples)
    let scale =
      if case .density(let rate) = quantity {
        (1 / (rate * values.reduce(0) { $0 + $1 * $1 })).squareRoot()
      } else {
        1 / values.reduce(0, +)
      }
    taper = values.map { Float($0 * scale) }
  }

  /// Frequencies of a frame: `fftLength / 2 + 1`.
  public var bins: Int { fftLength / 2 + 1 }

  /// Floats for each bin: 2 where the quantity is complex.
  public var floatsPerBin: Int { quantity == .complex ? 2 : 1 }

  /// Frames of a signal; 0 where it is too short for one.
  public func frames(samples: Int) -> Int {
    switch framing {
    case .whole: return samples < windowSamples ? 0 : 1 + (samples - windowSamples) / hopSamples
    case .padded:
      let extended = samples + 2 * (windowSamples / 2)
      guard samples > 0, extended >= windowSamples else { return 0 }
      return 1 + (extended - windowSamples + hopSamples - 1) / hopSamples
    }
  }

  /// The bins' frequencies in Hz.
  public func frequencies(sampleRateHz: Double) -> [Double] {
    (0..<bins).map { Double($0) * sampleRateHz / Double(fftLength) }
  }

  /// The frames' middles, in samples from the signal's start.
  public func frameCenters(samples: Int) -> [Double] {
    let first = framing == .whole ? Double(windowSamples) / 2 : 0
    return (0..<frames(samples: samples)).map { first + Double($0 * hopSamples) }
  }

  /// - Parameters:
  ///   - signals: `[batch, samples]`.
  ///   - samples: Samples in a signal, at least one frame.
  /// - Returns: `[batch, frames, bins]`, or `[batch, frames, bins, 2]` where the quantity is complex. A frame that
  ///   holds a NaN is NaN; its neighbours are not.
  /// - Throws: ``SignalError`` if `signals` is no whole number of rows or a signal is too short.
  public func callAsFunction(_ signals: [Float], samples: Int) throws -> [Float] {
    let batch = try rowCount(signals.count, of: samples, "samples")
    let size = batch * frames(samples: samples) * bins * floatsPerBin
    return try [Float](unsafeUninitializedCapacity: size) { result, initialized in
      try signals.withUnsafeBufferPointer {
        try write($0, samples: samples, into: UnsafeMutableBufferPointer(rebasing: result[0..<size]))
      }
      initialized = size
    }
  }

  /// The same into memory of the caller's, which has exactly the result's size; it need not be initialised.
  public func write(
    _ signals: UnsafeBufferPointer<Float>, samples: Int, into result: UnsafeMutableBufferPointer<Float>
  ) throws {
    let batch = try rowCount(signals.count, of: samples, "samples")
    let frames = frames(samples: samples)
    guard frames > 0 else {
      throw SignalError.tooShort(what: "a window", samples: samples, expected: windowSamples)
    }
    let row = bins * floatsPerBin
    guard result.count == batch * frames * row else {
      throw SignalError.mismatch(what: "floats of room", found: result.count, expected: batch * frames * row)
    }
    guard let source = signals.baseAddress, let target = result.baseAddress else { return }
    let plan = try FourierPlan.cached(.realForward, shape: [fftLength])
    let lead = framing == .whole ? 0 : windowSamples / 2
    taper.withUnsafeBufferPointer { taper in
      guard let taper = taper.baseAddress else { return }
      plan.run(batch * frames) { index, input in
        fill(
          input, from: source + index / frames * samples, samples: samples,
          start: index % frames * hopSamples - lead, taper: taper)
      } take: { index, output in
        take(UnsafePointer(output), into: target + index * row)
      }
    }
  }

  @inline(__always)
  private func fill(
    _ input: UnsafeMutablePointer<Float>, from signal: UnsafePointer<Float>, samples: Int, start: Int,
    taper: UnsafePointer<Float>
  ) {
    // Samples outside the signal count as zeros, also in the mean.
    let first = min(max(0, -start), windowSamples)
    let end = max(first, min(windowSamples, samples - start))
    let frame = signal + start
    var mean: Float = 0
    if detrend {
      var sum = 0.0
      for i in first..<end { sum += Double(frame[i]) }
      mean = Float(sum / Double(windowSamples))
    }
    for i in 0..<first { input[i] = -mean * taper[i] }
    for i in first..<end { input[i] = (frame[i] - mean) * taper[i] }
    for i in end..<windowSamples { input[i] = -mean * taper[i] }
    for i in windowSamples..<fftLength { input[i] = 0 }
  }

  @inline(__always)
  private func take(_ spectrum: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>) {
    let bins = bins
    if quantity == .complex {
      row.update(from: spectrum, count: 2 * bins)
      return
    }
    for i in 0..<bins {
      let (real, imaginary) = (spectrum[2 * i], spectrum[2 * i + 1])
      row[i] = real * real + imaginary * imaginary
    }
    switch quantity {
    case .complex, .power: break
    case .magnitude: for i in 0..<bins { row[i] = row[i].squareRoot() }
    case .density:
      // Each frequency but 0 and Nyquist's stands for its negative too.
      for i in 1..<max(1, fftLength.isMultiple(of: 2) ? bins - 1 : bins) { row[i] *= 2 }
    case .decibels(let floor):
      let factor = Float(10 / log(10.0))
      // A NaN must stay one, so the floor is compared this way round.
      for i in 0..<bins { row[i] = factor * logf(row[i] < floor ? floor : row[i]) }
    }
  }
}
