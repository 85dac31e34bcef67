public import SleepCore

/// The windows of one recording, ready to be written.
public struct RecordingWindows: Sendable {
  /// Unique in the corpus; becomes a folder's name.
  public var id: String
  public var subject: Subject
  /// Seconds from the recording's zero to the first window.
  public var startSeconds: Double
  /// What the clock said at the recording's zero, where that is known.
  public var start: LocalTime?
  /// When the lights went off, in seconds from the recording's zero, where that is known.
  public var lightsOffSeconds: Double?
  /// The stored label of each window, a raw value of ``SleepCore/Stage`` or ``SleepCore/Posture``; -1 is unscored.
  public var labels: [Int8]
  public var sensors: [SensorWindows]
  /// Which night or visit of the subject it is, where that is known.
  public var session: String?
  /// The group of people that the subject belongs to, such as a family, where that is known.
  public var group: String?
  /// By which rule its subject and label file were decided, in a few words.
  public var decidedBy = "whoever wrote the corpus"
  /// What it was made of, beside the preprocessing. A preparation that is gone on with keeps it only where that is still the same.
  public var origin = RecordingOrigin()
  /// The hash of each sensor's samples as they were read.
  public var sourceHashes: [Sensor: String]
  public var warnings: [String]
  /// What each channel was made of, `'C4-M1' at 256 Hz`, by the sensor's and the channel's name, `psg EEG`.
  public var leads: [String: String]

  public init(
    id: String, subject: Subject, startSeconds: Double = 0, start: LocalTime? = nil, lightsOffSeconds: Double? = nil,
    labels: [Int8], sensors: [SensorWindows], sourceHashes: [Sensor: String] = [:], warnings: [String] = [],
    leads: [String: String] = [:]
  ) {
    self.leads = leads
    self.id = id
    self.subject = subject
    self.startSeconds = startSeconds
    self.start = start
    self.lightsOffSeconds = lightsOffSeconds
    self.labels = labels
    self.sensors = sensors
    self.sourceHashes = sourceHashes
    self.warnings = warnings
  }
}

/// One sensor's windows of one recording.
public struct SensorWindows: Sendable {
  public var contract: WindowContract
  /// `[windows, channels, samples]`, or `[windows, rows, columns]` for maps.
  public var values: [Float]
  /// One a window: 0 where it holds no measurement. What such a window holds is written as zeros.
  public var valid: [UInt8]

  /// Marks windows that hold NaN, an infinity or (unless `allowFlat`) a channel without variance as not valid.
  ///
  /// - Parameter measured: One a window: false where the window lies outside the signal; all true where `nil`.
  /// - Precondition: `values` holds a whole number of windows, as many as `measured`.
  public init(contract: WindowContract, values: [Float], measured: [Bool]? = nil, allowFlat: Bool = false) {
    let size = contract.size
    precondition(size > 0 && values.count % size == 0, "whole windows of \(contract.shape)")
    let windows = values.count / size
    precondition(measured.map { $0.count == windows } ?? true, "one flag a window")
    let row = contract.sensor.isMap ? contract.mapSize : contract.shape.last ?? size
    var values = values
    var valid = [UInt8](repeating: 1, count: windows)
    values.withUnsafeMutableBufferPointer { buffer in
      for window in 0..<windows {
        let samples = UnsafeMutableBufferPointer(rebasing: buffer[(window * size)..<((window + 1) * size)])
        let good =
          measured?[window] ?? true
          && stride(from: 0, to: size, by: row).allSatisfy {
            Self.isMeasurement(samples[$0..<($0 + row)], allowFlat: allowFlat)
          }
        guard !good else { continue }
        valid[window] = 0
        samples.update(repeating: 0)
      }
    }
    self.contract = contract
    self.values = values
    self.valid = valid
  }

  private static func isMeasurement(
    _ samples: Slice<UnsafeMutableBufferPointer<Float>>, allowFlat: Bool
  ) -> Bool {
    var low = Float.infinity
    var high = -Float.infinity
    for sample in samples {
      guard sample.isFinite else { return false }
      low = min(low, sample)
      high = max(high, sample)
    }
    return allowFlat || samples.count == 1 || high > low
  }
}
