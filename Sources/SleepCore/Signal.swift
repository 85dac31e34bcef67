/// One channel of a signal.
public struct Channel: Hashable, Codable, Sendable {
  /// As the file names it, without surrounding spaces.
  public let name: String
  /// The physical unit of the samples, as the file names it: `uV`, `mV`, `g`, `bpm`, `count`; empty where unknown.
  public let unit: String

  public init(name: String, unit: String) {
    self.name = name
    self.unit = unit
  }
}

/// A channel of unknown unit is written as its name.
extension Channel: ExpressibleByStringInterpolation {
  public init(stringLiteral name: String) { self.init(name: name, unit: "") }
}

/// When the samples of a signal were taken, in seconds from the start of the recording.
public enum Timing: Hashable, Sendable {
  /// Sample `i` was taken at `startSeconds + i / sampleRateHz`.
  case regular(startSeconds: Double, sampleRateHz: Double)
  /// One time a sample, in increasing order.
  case irregular(seconds: [Double])

  /// When each of so many samples was taken.
  public func seconds(count: Int) -> [Double] {
    switch self {
    case .regular(let start, let rate): (0..<count).map { start + Double($0) / rate }
    case .irregular(let seconds): seconds
    }
  }
}

/// The samples of one sensor: all channels share one timing.
public struct Signal: Sendable {
  public let sensor: Sensor
  public let channels: [Channel]
  public let timing: Timing
  /// `[channels][samples]`, in the channels' units. A missing sample is NaN.
  public let samples: [[Float]]

  /// - Precondition: One row of samples a channel, all of one length; as many times as samples where irregular.
  public init(sensor: Sensor, channels: [Channel], timing: Timing, samples: [[Float]]) {
    precondition(channels.count == samples.count, "one row of samples a channel")
    precondition(Set(samples.map(\.count)).count <= 1, "all channels are of one length")
    if case .irregular(let seconds) = timing {
      precondition(samples.allSatisfy { $0.count == seconds.count }, "one time a sample")
    }
    self.sensor = sensor
    self.channels = channels
    self.timing = timing
    self.samples = samples
  }

  /// Samples in each channel.
  public var count: Int { samples.first?.count ?? 0 }
}

/// Maps in order of time: frames of a pressure mat, or the spectrogram images of a night.
public struct PressureFrames: Sendable {
  /// One of which ``Sensor/isMap`` holds.
  public let sensor: Sensor
  public let rows: Int
  public let columns: Int
  /// Frames a second; `nil` where frames are single shots without a time.
  public let framesPerSecond: Double?
  /// `[frames, rows, columns]`, row-major, in the mat's own units.
  public let values: [Float]
  /// One a frame; `nil` is unscored. Where the recording has a hypnogram instead, its stages are one a frame.
  public let postures: [Posture?]

  /// - Precondition: `values` holds `postures.count` frames.
  public init(
    sensor: Sensor = .pressureMap, rows: Int, columns: Int, framesPerSecond: Double?, values: [Float],
    postures: [Posture?]
  ) {
    precondition(values.count == rows * columns * postures.count, "a posture a frame")
    self.sensor = sensor
    self.rows = rows
    self.columns = columns
    self.framesPerSecond = framesPerSecond
    self.values = values
    self.postures = postures
  }

  public var count: Int { postures.count }
}
