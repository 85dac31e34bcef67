/// Mean and standard deviation of one channel of one window, as the published SleepVST puts its windows on one scale.
struct WindowStandard {
  private let mean: Double
  private let deviation: Double

  /// What is added to the deviation, so that a window that rests stays finite; in the samples' own unit.
  private static let least = 1e-6

  init(_ samples: ArraySlice<Float>) {
    let count = Double(samples.count)
    let mean = samples.reduce(0) { $0 + Double($1) } / count
    self.mean = mean
    deviation = (samples.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
  }

  func apply(to samples: inout ArraySlice<Float>) {
    for index in samples.indices { samples[index] = Float((Double(samples[index]) - mean) / (deviation + Self.least)) }
  }
}
