import Foundation

/// How a sleeper breathes in one window: what of a radar or of a band about the chest tells of sleep without any learning.
///
/// How evenly someone breathes tells the stages of sleep apart: Tataraidze and others, "Sleep Stage Classification Based on Respiratory
/// Signal" (IEEE EMBC 2015).
struct Breath {
  /// Rate, rhythm and depth.
  static let quantities = 3
  /// Long enough for a breath.
  private static let segmentSeconds = 5.0
  /// Deviations on either side of the mean between which nothing is a new breath.
  private static let dead = 0.2

  /// Three logarithms of one channel's breathing.
  ///
  /// The first is of one more than the breaths a minute. The second is of the deviation of the time from breath to breath as a share of its
  /// mean, 1 where there are fewer than three breaths. The third is of the deviation, over pieces of five seconds, of the logarithm of the
  /// depth, 0 where there are no two pieces. The last two grow as breathing grows less even.
  ///
  /// - Parameter rate: Samples a second; 0 where it is not known: then nothing has a rate.
  static func quantities(_ samples: ArraySlice<Float>, rate: Double) -> [Double] {
    let (mean, deviation) = meanAndDeviation(samples.lazy.map(Double.init))
    let begins = risings(samples, mean: mean, dead: dead * deviation)
    let minutes = rate > 0 ? Double(samples.count) / rate / 60 : .infinity
    let times = zip(begins.dropFirst(), begins).map { Double($0 - $1) }
    let (time, spread) = meanAndDeviation(times)
    // A rate may come from a file: no number of samples is made of one that no window has room for.
    let segment = (segmentSeconds * rate).rounded()
    let length = segment >= 0 && segment <= Double(samples.count) ? Int(segment) : 0
    var depths: [Double] = []
    if length > 1 {
      var start = samples.startIndex
      while start + length <= samples.endIndex {
        let piece = samples[start..<(start + length)].lazy.map(Double.init)
        depths.append(log(meanAndDeviation(piece).deviation + 0.02))
        start += length
      }
    }
    return [
      log(Double(begins.count) / minutes + 1), log((times.count < 2 ? 1 : spread / time) + 0.02),
      log(meanAndDeviation(depths).deviation + 0.02),
    ]
  }

  /// Where samples come up through the mean, having been well below it, and go well above.
  private static func risings(_ samples: ArraySlice<Float>, mean: Double, dead: Double) -> [Int] {
    var (found, isBelow): ([Int], Bool) = ([], false)
    for (place, sample) in zip(samples.indices, samples) {
      if Double(sample) < mean - dead { isBelow = true }
      guard isBelow, Double(sample) > mean + dead else { continue }
      found.append(place)
      isBelow = false
    }
    return found
  }
}

/// Mean and the population's deviation; 0 of nothing.
func meanAndDeviation(_ values: some Collection<Double>) -> (mean: Double, deviation: Double) {
  guard !values.isEmpty else { return (0, 0) }
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
}
