public import SleepCore

/// One window of one of several corpora, by position.
public struct WindowReference: Codable, Hashable, Sendable {
  public var corpus: Int
  public var recording: Int
  /// -1 is padding behind the end of the recording.
  public var window: Int

  public init(corpus: Int = 0, recording: Int, window: Int) {
    self.corpus = corpus
    self.recording = recording
    self.window = window
  }
}

/// The windows of one batch before they are read: `batch` sequences of `length` windows, of one corpus's sensors.
public struct BatchPlan: Codable, Hashable, Sendable {
  /// All are read for the same windows.
  public var sensors: [Sensor]
  public var length: Int
  /// `[batch, length]`; the windows of a row are neighbours, and padding stands at its end.
  public var windows: [WindowReference]

  public init(sensors: [Sensor], length: Int, windows: [WindowReference]) {
    precondition(length > 0 && windows.count % length == 0, "whole rows of \(length) windows")
    self.sensors = sensors
    self.length = length
    self.windows = windows
  }

  /// Sequences in the batch.
  public var count: Int { windows.count / length }
}

/// One sensor's part of a batch.
public struct BatchInput: Hashable, Sendable {
  public var sensor: Sensor
  /// `[batch, length, channels, samples]`, or `[batch, length, rows, columns]` for maps.
  public var shape: [Int]
  /// Row-major; zeros where a window is padding or not valid.
  public var values: [Float]
  /// `[batch, length]`: 1 where this sensor measured.
  public var valid: [UInt8]
  /// `[batch, length, quantities]`: what ``NightProfile`` says of each window, zeros of padding; empty where it is not read.
  public var profile: [Float]

  public init(sensor: Sensor, shape: [Int], values: [Float], valid: [UInt8], profile: [Float] = []) {
    self.sensor = sensor
    self.shape = shape
    self.values = values
    self.valid = valid
    self.profile = profile
  }
}

/// Windows as a model takes them, in plain memory.
public struct Batch: Hashable, Sendable {
  /// One a sensor, all of the same windows.
  public var inputs: [BatchInput]
  /// `[batch, length]`: the class of each window; -1 where it is unscored, not to be seen, not valid or padding.
  public var labels: [Int8]
  /// `[batch, length]`: 1 where every sensor measured, or one of them where one is enough; 0 for padding.
  public var mask: [UInt8]
  /// `[batch, length]`: how far each window is from where its recording's time of night counts; 0 of padding.
  public var hours: [Float]
  /// `[batch, length]`: which windows these are.
  public var windows: [WindowReference]
  public var length: Int
  /// Which of the sensors must have measured a window.
  public var need: SensorNeed = .all

  /// Sequences in the batch.
  public var count: Int { windows.count / length }
  /// How far each sequence goes: to its last window that was measured.
  public var lengths: [Int] {
    (0..<count).map { row in
      mask[(row * length)..<((row + 1) * length)].lastIndex { $0 != 0 }.map { $0 - row * length + 1 } ?? 0
    }
  }
  /// The only or first sensor's part.
  public var sensor: Sensor { inputs[0].sensor }
  public var shape: [Int] { inputs[0].shape }
  public var values: [Float] { inputs[0].values }
}
