import Foundation

/// Changes a sample rate to any other: by a ratio of whole numbers where there is one of moderate size, and where there is none, as between a
/// recorder's measured 63.9936 Hz and 64 Hz, by the nearest ratio and then by interpolation with a windowed sine of 32 taps.
public struct RateConversion: Hashable, Sendable {
  private let resampler: PolyphaseResampler
  /// Samples of what the resampler makes from one sample of the result to the next; 1 where its ratio is exact.
  private let step: Double

  /// The largest number of a ratio that is only near.
  private static let mostOfNear = 2000.0

  /// - Throws: ``SignalError`` if a rate is not positive, or one is more than 2000 times the other and the ratio is no small one.
  public init(fromHz: Double, toHz: Double) throws {
    do {
      resampler = try PolyphaseResampler(fromHz: fromHz, toHz: toHz)
      step = 1
    } catch {
      guard fromHz > 0, toHz > 0, fromHz.isFinite, toHz.isFinite,
        let (up, down) = Self.nearest(toHz / fromHz)
      else { throw error }
      resampler = try PolyphaseResampler(up: up, down: down)
      step = fromHz * Double(up) / Double(down) / toHz
    }
  }

  /// The last of the ratio's continued fractions of numbers that are small enough.
  private static func nearest(_ ratio: Double) -> (up: Int, down: Int)? {
    var (numerator, lastNumerator, denominator, lastDenominator) = (1.0, 0.0, 0.0, 1.0)
    var rest = ratio
    while rest.isFinite {
      let whole = rest.rounded(.down)
      let next = (whole * numerator + lastNumerator, whole * denominator + lastDenominator)
      guard max(next.0, next.1) <= mostOfNear else { break }
      (numerator, lastNumerator, denominator, lastDenominator) = (next.0, numerator, next.1, denominator)
      rest = 1 / (rest - whole)
    }
    return numerator > 0 && denominator > 0 ? (Int(numerator), Int(denominator)) : nil
  }

  /// - Parameters:
  ///   - samples: A signal. A NaN spreads over the filters' length to both sides.
  ///   - level: What stands beyond the ends.
  /// - Returns: The signal's length times the ratio, rounded up; the first sample stands where the signal's first one does.
  public func callAsFunction(_ samples: [Float], level: Float = 0) -> [Float] {
    let near = resampler(samples, level: level)
    guard step != 1 else { return near }
    let count = Int((Double(near.count) / step).rounded(.up))
    let half = Self.half
    return Self.kernel.withUnsafeBufferPointer { kernel in
      near.withUnsafeBufferPointer { near in
        (0..<count).map { index in
          let place = Double(index) * step
          let base = Int(place)
          let phase = (place - Double(base)) * Double(Self.phases)
          let (row, share) = (Int(phase), Float(phase - phase.rounded(.down)))
          var (sum, weights): (Float, Float) = (0, 0)
          for tap in 0..<2 * half {
            // Tap `half - 1` stands on the sample at or before the place.
            let at = (2 * half - 1 - tap) * Self.phases + row
            let weight = kernel[at] + (kernel[at + 1] - kernel[at]) * share
            let sample = base + tap - half + 1
            sum += weight * (near.indices.contains(sample) ? near[sample] - level : 0)
            weights += weight
          }
          return sum / weights + level
        }
      }
    }
  }

  /// Taps to each side, and places between two samples at which the kernel is known.
  private static let half = 16
  private static let phases = 512

  /// A sine cardinal under Kaiser's window, from `half` samples before its middle to `half` after.
  private static let kernel: [Float] = {
    let window = WindowFunction.kaiser(beta: 8).values(count: 2 * half * phases + 1, periodic: false)
    return window.indices.map { index in
      let angle = Double.pi * (Double(index) / Double(phases) - Double(half))
      return Float(window[index] * (angle == 0 ? 1 : sin(angle) / angle))
    } + [0]
  }()
}
