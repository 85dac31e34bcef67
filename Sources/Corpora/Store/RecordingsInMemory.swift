import Files
public import SleepCore

/// Recordings that were just prepared, as a source of windows: what is predicted needs no corpus on disk.
public struct RecordingsInMemory: WindowStore {
  public let path: String
  public let dataset: String
  public let population: String
  public let labelKind: LabelKind?
  public let windowSeconds: Double?
  public let contracts: [WindowContract]
  public let recordings: [CorpusRecording]
  private let windows: [RecordingWindows]

  /// - Parameters:
  ///   - windows: All of one contract a sensor.
  ///   - path: Where they are from, for messages.
  public init(_ windows: [RecordingWindows], dataset: DatasetDescription, windowSeconds: Double?, path: String) {
    self.windows = windows
    self.path = path
    self.windowSeconds = windowSeconds
    self.dataset = dataset.name
    population = dataset.population
    labelKind = dataset.labels
    contracts = windows.flatMap { $0.sensors.map(\.contract) }.reduce(into: []) { contracts, contract in
      if !contracts.contains(where: { $0.sensor == contract.sensor }) { contracts.append(contract) }
    }
    recordings = windows.map { CorpusRecording($0, contentHashes: [:]) }
  }

  public func labels(recording: Int) -> [Int8] { windows[recording].labels }

  public func valid(recording: Int, sensor: Sensor) -> [UInt8]? { own(recording, sensor)?.valid }

  public func copyWindows(
    recording: Int, sensor: Sensor, range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws {
    guard let own = own(recording, sensor) else {
      throw CorpusError.absentSensor(
        sensor, path: path, present: windows[recording].sensors.map(\.contract.sensor))
    }
    precondition(range.lowerBound >= 0 && range.upperBound <= own.valid.count, "windows \(range)")
    let size = own.contract.size
    own.values.withUnsafeBytes { bytes in
      let stride = size * MemoryLayout<Float>.size
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[(range.lowerBound * stride)..<(range.upperBound * stride)]))
    }
  }

  private func own(_ recording: Int, _ sensor: Sensor) -> SensorWindows? {
    windows[recording].sensors.first { $0.contract.sensor == sensor }
  }
}

extension CorpusRecording {
  /// What windows are, in the words of an index.
  init(_ windows: RecordingWindows, contentHashes: [Sensor: String], files: [String: FileFacts] = [:]) {
    self.init(
      id: windows.id, subject: windows.subject, group: windows.group, session: windows.session,
      decidedBy: windows.decidedBy,
      windows: windows.labels.count, startSeconds: windows.startSeconds,
      start: windows.start, lightsOffSeconds: windows.lightsOffSeconds,
      validWindows: Dictionary(
        windows.sensors.map { ($0.contract.sensor, $0.valid.count { $0 != 0 }) }, uniquingKeysWith: { $1 }),
      labelCounts: Dictionary(windows.labels.map { ("\($0)", 1) }, uniquingKeysWith: +),
      contentHashes: contentHashes, sourceHashes: windows.sourceHashes, warnings: windows.warnings,
      leads: windows.leads.isEmpty ? nil : windows.leads, files: files)
  }
}
