public import SleepCore

/// Some people's windows of one corpus, or of recordings in memory, with the labels that may be seen.
public struct WindowSource: Sendable {
  public let store: any WindowStore
  public let sensors: [Sensor]
  /// The contract of each sensor.
  public let contracts: [WindowContract]
  /// Which of the sensors must have measured a window.
  public let need: SensorNeed
  /// The recordings, by position in the corpus, that have the sensors that are needed.
  public private(set) var recordings: [Int]
  /// The sensors that are read as if they had not been there.
  private var leftOut: Set<Sensor> = []
  private let scheme: LabelScheme?
  private var labelled: LabelledWindows?
  /// Classes by recording of windows whose label may not be seen; -1 where nothing is said.
  private var given: [Int: [Int8]] = [:]
  /// Where each window's plain quantities are read too.
  private(set) var profiles: NightProfiles?

  /// - Parameters:
  ///   - sensors: Read together, for the same windows.
  ///   - subjects: Whose recordings; all where `nil`.
  ///   - scheme: How stored labels become classes; without it no label is seen.
  ///   - labelled: The windows whose labels may be seen; all where `nil`.
  ///   - need: A recording that lacks a sensor, or all of them, is left out.
  ///   - known: The contracts of sensors that the store lacks, where one is enough.
  /// - Throws: ``CorpusError/absentSensor(_:path:present:)``.
  public init(
    _ store: any WindowStore, sensors: [Sensor], subjects: [Subject]? = nil, scheme: LabelScheme? = nil,
    labelled: LabelledWindows? = nil, need: SensorNeed = .all, contracts known: [WindowContract] = []
  ) throws {
    precondition(!sensors.isEmpty, "at least one sensor")
    contracts = try sensors.map { sensor in
      let isLacking = need == .any && !store.contracts.contains { $0.sensor == sensor }
      return try (isLacking ? known.first { $0.sensor == sensor } : nil) ?? store.sensor(sensor)
    }
    self.need = need
    self.store = store
    self.sensors = sensors
    self.scheme = scheme
    self.labelled = labelled
    let chosen = subjects.map(Set.init)
    recordings = store.recordings.indices.filter { position in
      let recording = store.recordings[position]
      return chosen?.contains(recording.subject) ?? true && need.isMet(by: recording, of: sensors)
    }
  }

  /// The contract of one of the sensors.
  ///
  /// - Throws: ``CorpusError/absentSensor(_:path:present:)``.
  package func contract(of sensor: Sensor) throws -> WindowContract {
    try contracts.first { $0.sensor == sensor } ?? store.sensor(sensor)
  }

  /// The class of each window of a recording; -1 where it is unscored or not to be seen.
  public func classes(recording: Int) -> [Int8] {
    let seen = seenClasses(recording: recording)
    guard let given = given[recording] else { return seen }
    return zip(seen, given).map { $0 >= 0 ? $0 : $1 }
  }

  private func seenClasses(recording: Int) -> [Int8] {
    let stored = store.labels(recording: recording)
    guard let scheme else { return [Int8](repeating: -1, count: stored.count) }
    let classes = stored.map(scheme.classIndex(ofStored:))
    guard let labelled else { return classes }
    guard let flags = labelled.flags[store.recordings[recording].id] else {
      return [Int8](repeating: -1, count: stored.count)
    }
    return classes.indices.map { flags.indices.contains($0) && flags[$0] ? classes[$0] : -1 }
  }

  /// One a window: 1 where every sensor measured, or one of them where one is enough.
  public func valid(recording: Int) -> [UInt8] {
    let count = store.recordings[recording].windows
    switch need {
    case .all:
      return sensors.reduce([UInt8](repeating: 1, count: count)) { mask, sensor in
        store.valid(recording: recording, sensor: sensor).map { zip(mask, $0).map { $0 & $1 } } ?? mask
      }
    case .any:
      return sensors.reduce([UInt8](repeating: 0, count: count)) { mask, sensor in
        valid(recording: recording, sensor: sensor).map { zip(mask, $0).map { $0 | $1 } } ?? mask
      }
    }
  }

  /// One a window: 0 where the sensor measured nothing; `nil` where the recording lacks the sensor, or it is left out.
  public func valid(recording: Int, sensor: Sensor) -> [UInt8]? {
    leftOut.contains(sensor) ? nil : store.valid(recording: recording, sensor: sensor)
  }

  /// A sensor's windows of a whole recording, `[windows, channels, samples]`, or `[windows, rows, columns]` of maps; zeros where it is
  /// not needed and not there.
  ///
  /// - Throws: ``CorpusError/absentSensor(_:path:present:)``, or what reading threw.
  public func windows(recording: Int, sensor: Sensor) throws -> [Float] {
    let count = store.recordings[recording].windows
    guard need == .all || valid(recording: recording, sensor: sensor) != nil else {
      return [Float](repeating: 0, count: count * (try contract(of: sensor).size))
    }
    return try store.windows(recording: recording, sensor: sensor, range: 0..<count)
  }

  /// A recording's windows that were measured and whose class may be seen.
  public func labelled(recording: Int) -> [(window: WindowReference, label: Int)] {
    zip(classes(recording: recording), valid(recording: recording)).enumerated()
      .filter { $1.0 >= 0 && $1.1 != 0 }
      .map { (WindowReference(recording: recording, window: $0), Int($1.0)) }
  }

  /// How many windows that may be seen belong to each class, for class weights.
  ///
  /// - Precondition: The source has a label scheme.
  public func classCounts() -> [Int] {
    guard let scheme else { preconditionFailure("class counts need a label scheme") }
    var counts = [Int](repeating: 0, count: scheme.classes.count)
    for recording in recordings {
      for (_, label) in labelled(recording: recording) { counts[label] += 1 }
    }
    return counts
  }
}

extension WindowSource {
  /// The same, of fewer recordings.
  ///
  /// - Parameter condition: Of a recording's position in the corpus.
  public func keeping(_ condition: (Int) -> Bool) -> WindowSource {
    var source = self
    source.recordings = recordings.filter(condition)
    return source
  }

  /// The same, with classes for windows whose label may not be seen, as a model gives them.
  ///
  /// - Parameter classes: By recording's position, one a window; -1 where nothing is said.
  package func giving(_ classes: [Int: [Int8]]) -> WindowSource {
    var source = self
    source.given = classes
    return source
  }

  /// The same, with each window's plain quantities, as ``NightProfile`` has them, beside its values.
  public func profiled() -> WindowSource {
    var source = self
    source.profiles = nil
    source.profiles = NightProfiles([source])
    return source
  }

  /// The same, of which no label may be seen.
  package func hidingLabels() -> WindowSource {
    WindowSource(self, labelled: LabelledWindows(flags: [:], subjects: []))
  }

  private init(_ other: WindowSource, labelled: LabelledWindows) {
    self = other
    self.labelled = labelled
  }

  /// The same, of one person.
  package func keeping(_ subject: Subject) -> WindowSource { keeping { store.recordings[$0].subject == subject } }
  /// The same as if some of the sensors had never been there; recordings with none of the others are left out.
  ///
  /// - Precondition: One sensor is enough.
  public func leavingOut(_ left: Set<Sensor>) -> WindowSource {
    precondition(need == .any, "a source of windows that need one sensor alone")
    var source = self
    source.leftOut.formUnion(left)
    if profiles != nil { source = source.profiled() }
    let others = sensors.filter { !source.leftOut.contains($0) }
    return source.keeping { need.isMet(by: store.recordings[$0], of: others) }
  }
}

extension SensorNeed {
  /// Whether a recording has the sensors that are needed.
  public func isMet(by recording: CorpusRecording, of sensors: [Sensor]) -> Bool {
    switch self {
    case .all: sensors.allSatisfy { recording.validWindows[$0] != nil }
    case .any: sensors.contains { recording.validWindows[$0] != nil }
    }
  }
}
