/// Whether a window may be passed on.
public enum WindowVerdict: Hashable, Sendable {
  case usable
  /// A channel has more samples that are not finite than allowed.
  case missing
  /// All finite samples of a channel are equal.
  case flat
}

/// Tells windows that must not reach a model: those with missing samples and those without variance.
public struct WindowMask: Hashable, Sendable {
  /// The greatest share of samples of a channel, 0 to 1, that may be missing.
  public let maximalMissingShare: Double

  public init(maximalMissingShare: Double = 0) {
    self.maximalMissingShare = maximalMissingShare
  }

  /// - Parameter windows: `[windows, channels, samples]`.
  /// - Returns: `[windows]`; one bad channel makes a window bad.
  /// - Throws: ``SignalError`` if `windows` is no whole number of windows.
  public func callAsFunction(_ windows: [Float], channels: Int, samples: Int) throws -> [WindowVerdict] {
    guard channels > 0, samples > 0 else {
      throw SignalError.setting(
        name: "a window of", found: "\(channels) channels of \(samples) samples", expected: "at least 1 of each")
    }
    let count = try rowCount(windows.count, of: channels * samples, "samples")
    return windows.withUnsafeBufferPointer { windows in
      (0..<count).map { window in
        for channel in 0..<channels {
          let start = (window * channels + channel) * samples
          let verdict = verdict(on: windows[start..<start + samples])
          if verdict != .usable { return verdict }
        }
        return .usable
      }
    }
  }

  private func verdict(on samples: Slice<UnsafeBufferPointer<Float>>) -> WindowVerdict {
    var missing = 0
    var (least, greatest) = (Float.infinity, -Float.infinity)
    for sample in samples {
      if sample.isFinite {
        least = min(least, sample)
        greatest = max(greatest, sample)
      } else {
        missing += 1
      }
    }
    if missing == samples.count || Double(missing) > maximalMissingShare * Double(samples.count) { return .missing }
    return least < greatest ? .usable : .flat
  }
}
