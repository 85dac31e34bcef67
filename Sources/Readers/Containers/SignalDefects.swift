/// Whether a channel was recorded at all: how much of it is flat or lies at the limits of its range.
struct SignalDefects {
  /// Share of the samples at the limits, 0...1.
  private(set) var clippedShare = 0.0
  /// Windows of 30 s in which no sample differs from another.
  private(set) var flatWindows = 0
  private(set) var windows = 0
  /// The value of all samples, where they are equal.
  private(set) var constant: Float?

  /// - Parameters:
  ///   - stretches: The channel's samples, in pieces where it has gaps.
  ///   - lowest: Where the recorder's range begins, in the unit of the samples.
  ///   - highest: Where it ends.
  init(_ stretches: [[Float]], lowest bottom: Float, highest top: Float, sampleRateHz: Double) {
    let windowLength = Int(min(max(2, (30 * sampleRateHz).rounded()), 1e9))
    var clipped = 0
    var lowest = Float.infinity
    var highest = -Float.infinity
    for samples in stretches {
      samples.withUnsafeBufferPointer { all in
        var start = 0
        while start < all.count {
          let window = UnsafeBufferPointer(rebasing: all[start..<min(start + windowLength, all.count)])
          let (low, high) = extremes(window)
          if low == high { flatWindows += 1 }
          if low <= bottom || high >= top {
            for value in window where value <= bottom || value >= top { clipped += 1 }
          }
          lowest = min(lowest, low)
          highest = max(highest, high)
          windows += 1
          start += windowLength
        }
      }
    }
    let count = stretches.map(\.count).reduce(0, +)
    clippedShare = count == 0 ? 0 : Double(clipped) / Double(count)
    constant = lowest == highest ? lowest : nil
  }

  /// What to tell a user, or `nil`: all flat, more than 5 % of the windows flat, or more than 0.1 % of the samples clipped.
  func warning(channel: String, file: String) -> String? {
    if let constant { return "\(file): channel '\(channel)' is flat: every sample is \(constant)" }
    if flatWindows * 20 > windows {
      return "\(file): channel '\(channel)' is flat in \(flatWindows) of \(windows) windows of 30 s"
    }
    guard clippedShare > 0.001 else { return nil }
    let perCent = (clippedShare * 1000).rounded() / 10
    return "\(file): channel '\(channel)' is clipped: \(perCent) % of its samples lie at the limits of its range"
  }
}

/// The smallest and the largest number, NaN left out.
private func extremes(_ values: UnsafeBufferPointer<Float>) -> (Float, Float) {
  var low = SIMD8<Float>(repeating: .infinity)
  var high = SIMD8<Float>(repeating: -.infinity)
  let whole = values.count / 8
  if let base = values.baseAddress {
    let raw = UnsafeRawPointer(base)
    for i in 0..<whole {
      let lane = raw.loadUnaligned(fromByteOffset: 32 * i, as: SIMD8<Float>.self)
      low.replace(with: lane, where: lane .< low)
      high.replace(with: lane, where: lane .> high)
    }
  }
  var extremes = (low.min(), high.max())
  for value in values[(8 * whole)...] {
    if value < extremes.0 { extremes.0 = value }
    if value > extremes.1 { extremes.1 = value }
  }
  return extremes
}
