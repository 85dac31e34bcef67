public import SleepCore

/// How a window of one channel becomes an image `[frequencies, frames]` in decibels, as `scipy.signal.stft` frames it: Hann's
/// window, half a frame of zeros at both ends.
public struct SpectrogramPreprocessing: Codable, Hashable, Sendable {
  /// The sensor that it is made of; all other settings beside this one are for its signal.
  public var from: Sensor
  /// Samples in a frame; `frameSamples / 2 + 1` are the frequencies.
  public var frameSamples: Int
  /// Samples from one frame to the next; half a frame where not given.
  public var hopSamples: Int?
  /// Power below so many decibels is raised to it, so that silence stays finite; -120 where not given.
  public var floorDecibels: Double?

  public init(from: Sensor, frameSamples: Int, hopSamples: Int? = nil, floorDecibels: Double? = nil) {
    self.from = from
    self.frameSamples = frameSamples
    self.hopSamples = hopSamples
    self.floorDecibels = floorDecibels
  }
}
