import Foundation

/// Changes a sample rate by a ratio of whole numbers, as `scipy.signal.resample_poly` with its default filter: a low
/// pass of `20 * max(up, down) + 1` taps, Kaiser's window of beta 5, zeros beyond the ends.
public struct PolyphaseResampler: Hashable, Sendable {
  /// In lowest terms.
  public let up: Int
  public let down: Int
  /// For each phase of an output sample in the up-sampled grid, its taps in order of the input's samples, and zeros up
  /// to a length of whole vectors.
  private let taps: [Float]
  private let tapsPerPhase: Int
  /// For each phase, the first input sample under the filter, counted from the one at or before the output.
  private let firstSamples: [Int]

  /// - Throws: ``SignalError`` if a number is not positive or, in lowest terms, above 65536.
  public init(up: Int, down: Int) throws {
    guard up >= 1, down >= 1 else {
      throw SignalError.setting(name: "a rate ratio of", found: "\(up)/\(down)", expected: "positive numbers")
    }
    var (divisor, rest) = (up, down)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    let (up, down) = (up / divisor, down / divisor)
    guard max(up, down) <= 1 << 16 else {
      throw SignalError.setting(
        name: "a rate ratio of", found: "\(up)/\(down)", expected: "numbers up to 65536: round one of the rates")
    }
    (self.up, self.down) = (up, down)
    let half = 10 * max(up, down)
    let cutoff = 1 / Double(max(up, down))
    let window = WindowFunction.kaiser(beta: 5).values(count: 2 * half + 1, periodic: false)
    var filter = window.indices.map { index in
      let angle = Double.pi * cutoff * Double(index - half)
      return window[index] * (angle == 0 ? 1 : sin(angle) / angle)
    }
    let sum = filter.reduce(0, +)
    for index in filter.indices { filter[index] *= Double(up) / sum }

    let longest = (2 * half / up + 1 + 3) & ~3
    var taps = [Float](repeating: 0, count: up * longest)
    firstSamples = (0..<up).map { phase in
      // Input sample k, counted from the one at or before the output, stands under tap half + phase - k * up.
      let first = -((half - phase) / up)
      for k in first...(half + phase) / up { taps[phase * longest + k - first] = Float(filter[half + phase - k * up]) }
      return first
    }
    self.taps = taps
    tapsPerPhase = longest
  }

  /// The ratio between two rates, found by continued fractions: 125 to 10 Hz is 2/25.
  ///
  /// - Throws: ``SignalError`` if a rate is not positive or the ratio is not one of whole numbers up to 65536.
  public init(fromHz: Double, toHz: Double) throws {
    guard fromHz > 0, toHz > 0, fromHz.isFinite, toHz.isFinite else {
      throw SignalError.setting(
        name: "sample rates of", found: "\(fromHz) and \(toHz) Hz", expected: "positive numbers")
    }
    let ratio = toHz / fromHz
    var (numerator, lastNumerator, denominator, lastDenominator) = (1.0, 0.0, 0.0, 1.0)
    var rest = ratio
    while true {
      let whole = rest.rounded(.down)
      (numerator, lastNumerator) = (whole * numerator + lastNumerator, numerator)
      (denominator, lastDenominator) = (whole * denominator + lastDenominator, denominator)
      guard max(numerator, denominator) <= 65536 else {
        throw SignalError.setting(
          name: "sample rates of", found: "\(fromHz) and \(toHz) Hz",
          expected: "a ratio of whole numbers up to 65536: round one of the rates")
      }
      if numerator > 0, abs(numerator / denominator - ratio) <= 1e-9 * ratio { break }
      rest = 1 / (rest - whole)
    }
    try self.init(up: Int(numerator), down: Int(denominator))
  }

  /// Samples of the result: the signal's length times the ratio, rounded up.
  public func count(ofSamples samples: Int) -> Int {
    (samples * up + down - 1) / down
  }

  /// - Parameters:
  ///   - samples: A signal. A NaN spreads over the filter's length to both sides, ten samples of the slower rate and up
  ///     to three more of the input's.
  ///   - level: What stands beyond the ends: with the signal's mean, SciPy's `padtype="mean"`.
  /// - Returns: ``count(ofSamples:)`` samples; the first one stands where the signal's first one does.
  public func callAsFunction(_ samples: [Float], level: Float = 0) -> [Float] {
    guard up != down else { return samples }
    let size = count(ofSamples: samples.count)
    // Zeros at both ends, so that no output needs to ask where the signal ends.
    let border = tapsPerPhase + 3 * down / up + 4
    let padded = [Float](unsafeUninitializedCapacity: samples.count + 2 * border) { padded, initialized in
      padded[..<border].initialize(repeating: 0)
      padded[(border + samples.count)...].initialize(repeating: 0)
      let inside = UnsafeMutableBufferPointer(rebasing: padded[border..<border + samples.count])
      samples.withUnsafeBufferPointer { samples in
        for index in samples.indices { inside[index] = samples[index] - level }
      }
      initialized = samples.count + 2 * border
    }
    return [Float](unsafeUninitializedCapacity: size) { result, initialized in
      padded.withUnsafeBufferPointer { padded in
        taps.withUnsafeBufferPointer { taps in
          guard let signal = padded.baseAddress, let taps = taps.baseAddress else { return }
          let result = UnsafeMutableBufferPointer(rebasing: result[0..<size])
          write(signal + border, taps, into: result)
          if level != 0 { for index in result.indices { result[index] += level } }
        }
      }
      initialized = size
    }
  }

  private func write(
    _ signal: UnsafePointer<Float>, _ taps: UnsafePointer<Float>, into result: UnsafeMutableBufferPointer<Float>
  ) {
    typealias Quad = SIMD4<Float>
    func load(_ pointer: UnsafePointer<Float>, _ index: Int) -> Quad {
      UnsafeRawPointer(pointer + index).loadUnaligned(as: Quad.self)
    }
    firstSamples.withUnsafeBufferPointer { firstSamples in
      /// The first sample and the taps of an output.
      func place(_ index: Int) -> (signal: UnsafePointer<Float>, taps: UnsafePointer<Float>) {
        let (position, phase) = (index * down).quotientAndRemainder(dividingBy: up)
        return (signal + position + firstSamples[phase], taps + phase * tapsPerPhase)
      }
      let grouped = result.count / (4 * up) * (4 * up)
      for start in stride(from: 0, to: grouped, by: 4 * up) {
        for index in start..<start + up {
          // Every `up`-th output has the same taps, `down` samples further: four of them share the taps' loads, and
          // their sums do not wait for each other.
          let (a, taps) = place(index)
          let (b, c, d) = (a + down, a + 2 * down, a + 3 * down)
          var (sumA, sumB, sumC, sumD) = (Quad.zero, Quad.zero, Quad.zero, Quad.zero)
          for tap in stride(from: 0, to: tapsPerPhase, by: 4) {
            let weights = load(taps, tap)
            sumA += load(a, tap) * weights
            sumB += load(b, tap) * weights
            sumC += load(c, tap) * weights
            sumD += load(d, tap) * weights
          }
          result[index] = sumA.sum()
          result[index + up] = sumB.sum()
          result[index + 2 * up] = sumC.sum()
          result[index + 3 * up] = sumD.sum()
        }
      }
      for index in grouped..<result.count {
        let (signal, taps) = place(index)
        var sum = Quad.zero
        for tap in stride(from: 0, to: tapsPerPhase, by: 4) { sum += load(signal, tap) * load(taps, tap) }
        result[index] = sum.sum()
      }
    }
  }
}
