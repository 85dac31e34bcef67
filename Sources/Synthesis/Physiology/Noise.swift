import Foundation
import SleepCore

func exponential(_ value: Double) -> Double { exp(value) }

/// A value that wanders about zero with a given deviation and memory (an Ornstein-Uhlenbeck process).
struct Wander {
  private var value = 0.0
  private let keep: Double

  init(memorySeconds: Double, stepSeconds: Double) { keep = exp(-stepSeconds / memorySeconds) }

  /// The next value, of deviation 1 in the long run.
  mutating func next(_ random: inout RandomSource) -> Double {
    value = keep * value + (1 - keep * keep).squareRoot() * random.normal()
    return value
  }
}

/// Noise of deviation 1 about one frequency: white noise through a resonator of two poles.
struct BandNoise {
  private let a1, a2, gain: Double
  private var y1 = 0.0
  private var y2 = 0.0

  init(centerHz: Double, widthHz: Double, sampleRateHz: Double) {
    let radius = exp(-.pi * widthHz / sampleRateHz)
    let angle = 2 * Double.pi * centerHz / sampleRateHz
    a1 = 2 * radius * cos(angle)
    a2 = -radius * radius
    let variance = (1 - a2) / ((1 + a2) * ((1 - a2) * (1 - a2) - a1 * a1))
    gain = 1 / variance.squareRoot()
  }

  mutating func next(_ random: inout RandomSource) -> Double {
    let y = a1 * y1 + a2 * y2 + gain * random.normal()
    y2 = y1
    y1 = y
    return y
  }
}

/// A value that follows a target that jumps, with a lag.
struct Follower {
  private(set) var value: Double
  private let keep: Double

  init(_ value: Double, lagSeconds: Double, stepSeconds: Double) {
    self.value = value
    keep = exp(-stepSeconds / lagSeconds)
  }

  mutating func follow(_ target: Double) -> Double {
    value = keep * value + (1 - keep) * target
    return value
  }
}
