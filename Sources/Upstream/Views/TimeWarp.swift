package import SleepCore

/// Lets time run now faster and now slower through windows, or evenly.
///
/// The speed is a cubic spline through normal deviates about 1 at even distances, after Um and others, "Data
/// Augmentation of Wearable Sensor Data for Parkinson's Disease Monitoring using Convolutional Neural Networks" (ICMI
/// 2017). Samples between two are on the straight line between them, which makes windows smoother. So windows of both
/// kinds are read from a stretch of random length at a random place, never quite on the samples: on the whole they lose
/// as much, and their mean speeds are alike.
package struct TimeWarp: Sendable {
  private let channels: Int
  private let samples: Int
  private let knots: Int
  private let strength: Double
  private let crop: Double

  /// - Parameters:
  ///   - knots: Places between a window's ends where a speed is drawn.
  ///   - strength: The deviation of speeds, 1 being the mean.
  ///   - crop: The greatest share of a window that is not read.
  package init(_ contract: WindowContract, knots: Int, strength: Double, crop: Double) {
    (channels, samples) = contract.mapShape
    (self.knots, self.strength, self.crop) = (knots, strength, crop)
  }

  /// - Parameters:
  ///   - windows: `[windows, channels, samples]`.
  ///   - warped: In which the speed changes; it is even in the others.
  /// - Returns: The same shape.
  package func callAsFunction(_ windows: [Float], where warped: [Bool], _ random: inout RandomSource) -> [Float] {
    var result = windows
    for (window, isWarped) in warped.enumerated() {
      let places = self.places(isWarped, &random)
      for row in (window * channels)..<((window + 1) * channels) {
        for (sample, place) in places.enumerated() {
          let before = min(Int(place), samples - 1)
          let (first, second) = (row * samples + before, row * samples + min(before + 1, samples - 1))
          result[row * samples + sample] =
            windows[first] + Float(place - Double(before)) * (windows[second] - windows[first])
        }
      }
    }
    return result
  }

  /// Where in a window each sample is read, in samples from its start.
  package func places(_ isWarped: Bool, _ random: inout RandomSource) -> [Double] {
    let whole = Double(samples - 1)
    let length = whole * Double.random(in: (1 - crop)...1, using: &random)
    let start = Double.random(in: 0...(whole - length), using: &random)
    let times = isWarped ? times(&random) : (0..<samples).map(Double.init)
    let last = times[samples - 1]
    return times.map { start + length * (last > 0 ? $0 / last : 0) }
  }

  /// The time that has gone by at each sample, from 0, at the drawn speeds.
  private func times(_ random: inout RandomSource) -> [Double] {
    let speeds = (0..<(knots + 2)).map { _ in 1 + strength * random.normal() }
    let curve = NaturalSpline(speeds)
    var time = 0.0
    return (0..<samples).map { sample in
      // Time never stands still.
      if sample > 0 { time += max(0.1, curve(Double(sample) / Double(samples - 1) * Double(knots + 1))) }
      return time
    }
  }
}

/// The smooth curve of cubic polynomials through values at 0, 1, 2 and so on, straight at both ends.
package struct NaturalSpline: Sendable {
  private let values: [Double]
  /// The second derivative at each value.
  private var bends: [Double]

  /// - Parameter values: At least two.
  package init(_ values: [Double]) {
    self.values = values
    let inner = values.count - 2
    bends = [Double](repeating: 0, count: values.count)
    guard inner > 0 else { return }
    // Thomas's algorithm for bend(i - 1) + 4 bend(i) + bend(i + 1) = 6 (second difference).
    var (upper, right) = ([Double](repeating: 0, count: inner), [Double](repeating: 0, count: inner))
    for index in 0..<inner {
      let wanted = 6 * (values[index] - 2 * values[index + 1] + values[index + 2])
      let pivot = 4 - (index > 0 ? upper[index - 1] : 0)
      upper[index] = 1 / pivot
      right[index] = (wanted - (index > 0 ? right[index - 1] : 0)) / pivot
    }
    for index in (0..<inner).reversed() { bends[index + 1] = right[index] - upper[index] * bends[index + 2] }
  }

  /// - Parameter place: From 0 to the last value's.
  package func callAsFunction(_ place: Double) -> Double {
    let index = min(max(0, Int(place)), values.count - 2)
    let (b, a) = (place - Double(index), 1 - place + Double(index))
    return a * values[index] + b * values[index + 1]
      + ((a * a * a - a) * bends[index] + (b * b * b - b) * bends[index + 1]) / 6
  }
}
