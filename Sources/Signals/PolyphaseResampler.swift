import Foundation

/// Changes a sample rate by a ratio of whole numbers, as `scipy.signal.resample_poly` with its default filter: a low
/// pass of `20 * max(up, down) + 1` taps, Kaiser's window of beta 5, zeros beyond the ends.
public struct PolyphaseResampler: Hashable, Sendable {
  /// In lowest terms.
  public let up: Int
  public let down: Int
  /// For each phase of an output sample in the up-sampled grid, its taps in order of the input's samples, padded to
  /// one length.
  private let taps: [Float]
  private let tapsPerPhase: Int
  private let phases: [Phase]

  private struct Phase: Hashable, Sendable {
    /// The first input sample under the filter, from the one that stands at or before the output.
    let firstSample: Int
    let count: Int
  }

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

    let longest = 2 * half / up + 1
    var taps = [Float](repeating: 0, count: up * longest)
    phases = (0..<up).map { phase in
      // Input sample k, counted from the one at or before the output, stands under tap half + phase - k * up.
      let first = -((half - phase) / up)
      let last = (half + phase) / up
      for k in first...last { taps[phase * longest + k - first] = Float(filter[half + phase - k * up]) }
      return Phase(firstSample: first, count: last - first + 1)
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

  /// - Parameter samples: A signal. A NaN spreads over the filter's length to both sides, ten samples of the slower
  ///   rate.
  /// - Returns: ``count(ofSamples:)`` samples; the first one stands where the signal's first one does.
  public func callAsFunction(_ samples: [Float]) -> [Float] {
    guard up != down else { return samples }
    let size = count(ofSamples: samples.count)
    return [Float](unsafeUninitializedCapacity: size) { result, initialized in
      samples.withUnsafeBufferPointer { samples in
        taps.withUnsafeBufferPointer { taps in
          guard let taps = taps.baseAddress else { return }
          write(samples, taps, into: UnsafeMutableBufferPointer(rebasing: result[0..<size]))
        }
      }
      initialized = size
    }
  }

  private func write(
    _ samples: UnsafeBufferPointer<Float>, _ taps: UnsafePointer<Float>, into result: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = samples.baseAddress else { return }
    var (position, phase) = (0, 0)
    for index in result.indices {
      let first = position + phases[phase].firstSample
      let start = max(0, first)
      let end = min(samples.count, first + phases[phase].count)
      result[index] = dot(base + start, taps + (phase * tapsPerPhase + start - first), end - start)
      phase += down
      position += phase / up
      phase %= up
    }
  }

  @inline(__always)
  private func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) -> Float {
    var (even, odd) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
    var index = 0
    func load(_ pointer: UnsafePointer<Float>, _ index: Int) -> SIMD8<Float> {
      UnsafeRawPointer(pointer + index).loadUnaligned(as: SIMD8<Float>.self)
    }
    while index + 16 <= count {
      even += load(left, index) * load(right, index)
      odd += load(left, index + 8) * load(right, index + 8)
      index += 16
    }
    var sum = (even + odd).sum()
    while index < count {
      sum += left[index] * right[index]
      index += 1
    }
    return sum
  }
}
