public import SleepCore

/// Windows of some recordings with what is known of them: a ``Corpus`` on disk, or ``RecordingsInMemory``.
public protocol WindowStore: Sendable {
  /// Where they are from, for messages: a folder's path.
  var path: String { get }
  var dataset: String { get }
  /// Whose recordings these are: people of one population are the same people, whatever their data set is called.
  var population: String { get }
  /// Who a subject is.
  func person(_ subject: Subject) -> Person
  /// What the stored labels are; `nil` where there are none.
  var labelKind: LabelKind? { get }
  /// Length of a window; `nil` where windows are single shots without a time.
  var windowSeconds: Double? { get }
  /// One a sensor.
  var contracts: [WindowContract] { get }
  var recordings: [CorpusRecording] { get }

  /// The stored labels of a recording, one a window; -1 is unscored.
  func labels(recording: Int) -> [Int8]
  /// One a window: 0 where the sensor measured nothing; `nil` where the recording lacks the sensor.
  func valid(recording: Int, sensor: Sensor) -> [UInt8]?
  /// Puts windows of one recording, `[range, channels, samples]`, or `[range, rows, columns]` of maps, into memory that has room
  /// for them.
  ///
  /// - Precondition: The range lies within the recording.
  /// - Throws: ``CorpusError/absentSensor(_:path:present:)`` where the recording lacks the sensor.
  func copyWindows(
    recording: Int, sensor: Sensor, range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws
}

extension WindowStore {
  public func person(_ subject: Subject) -> Person { Person(population: population, subject: subject) }

  /// Every person once, in order.
  public var subjects: [Subject] { Set(recordings.map(\.subject)).sorted() }

  /// The contract of a sensor.
  ///
  /// - Throws: ``CorpusError/absentSensor(_:path:present:)``.
  public func sensor(_ sensor: Sensor) throws -> WindowContract {
    guard let contract = contracts.first(where: { $0.sensor == sensor }) else {
      throw CorpusError.absentSensor(sensor, path: path, present: contracts.map(\.sensor))
    }
    return contract
  }

  /// Windows of one recording, `[range, channels, samples]`, or `[range, rows, columns]` for maps.
  ///
  /// - Precondition: The range lies within the recording.
  /// - Throws: ``CorpusError/absentSensor(_:path:present:)`` where the recording lacks the sensor.
  public func windows(recording: Int, sensor: Sensor, range: Range<Int>) throws -> [Float] {
    let size = try self.sensor(sensor).size
    return try [Float](unsafeUninitializedCapacity: range.count * size) { buffer, initialized in
      try copyWindows(recording: recording, sensor: sensor, range: range, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = range.count * size
    }
  }

  /// How far each window of a recording is from where its time of night counts, in hours; negative before lights off.
  public func hours(recording: Int, window: Int) -> Float {
    let facts = recordings[recording]
    let seconds = facts.startSeconds + Double(window) * (windowSeconds ?? 30) - facts.clockStartSeconds
    return Float(seconds / 3600)
  }
}
