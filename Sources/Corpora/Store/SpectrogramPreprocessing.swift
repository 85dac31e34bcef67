public import SleepCore

/// How a window of one channel becomes an image `[frequencies, frames]` in decibels, as `scipy.signal.stft` frames it: Hann's
/// window, half a frame of zeros at both ends.
public struct SpectrogramPreprocessing: Codable, Hashable, Sendable, Ranged {
  /// The sensor that it is made of; all other settings beside this one are for its signal.
  public var from: Sensor
  /// Samples in a frame; `frameSamples / 2 + 1` are the frequencies.
  public var frameSamples: Int
  /// Samples from one frame to the next; half a frame where not given.
  public var hopSamples: Int?
  /// Power below so many decibels is raised to it, so that silence stays finite; -120 where not given.
  public var floorDecibels: Double?
  /// Power more than so many decibels below the largest of all the recording's windows that were measured is raised to that.
  public var floorBelowPeakDecibels: Double?

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .frameSamples: .whole(2...65_536),
      .hopSamples: .whole(1...65_536),
      .floorDecibels: .number(-1000...1000),
      .floorBelowPeakDecibels: .number(above: 0, to: 1000),
    ])

  public var conflict: Misfit? {
    if from.isMap { return Misfit("from", is: from.rawValue, expected: "a sensor whose windows are signals") }
    guard let hopSamples, hopSamples > frameSamples else { return nil }
    return Misfit(
      "hop_samples", with: ["frame_samples"], is: "\(hopSamples)", expected: "at most 'frame_samples', \(frameSamples)")
  }

  public init(
    from: Sensor, frameSamples: Int, hopSamples: Int? = nil, floorDecibels: Double? = nil,
    floorBelowPeakDecibels: Double? = nil
  ) {
    self.from = from
    self.frameSamples = frameSamples
    self.hopSamples = hopSamples
    self.floorDecibels = floorDecibels
    self.floorBelowPeakDecibels = floorBelowPeakDecibels
  }
}
