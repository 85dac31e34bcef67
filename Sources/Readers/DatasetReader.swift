public import Foundation
public import SleepCore

/// Reads one data set as its publisher ships it. A new data set is one file with such a value, and one line in
/// ``DatasetReaders/all``.
public protocol DatasetReader: Sendable {
  /// As the command line names it: `sleep-accel`.
  var name: String { get }
  /// Every sensor that the data set may hold.
  var sensors: [Sensor] { get }
  /// What its labels are; `nil` where it has none.
  var labels: LabelKind? { get }
  /// What it calls the files of a recording; one signal file, `psg`, and `labels`, unless it says otherwise.
  var roles: FileRoles { get }

  /// Finds the recordings below a folder, in order of their identifiers.
  ///
  /// - Throws: ``ReadError`` when the folder is missing or holds nothing of this data set.
  func discover(in root: URL) throws -> [RecordingSource]

  /// Finds the recordings as a card says whose they are and where their labels lie, and tells what could not be decided.
  ///
  /// A publisher's own data set needs no such rules: whose night it is stands in its names.
  ///
  /// - Throws: ``ReadError`` when the folder is missing or holds nothing of this data set.
  func discover(in root: URL, rules: ReadingRules) throws -> Discovery

  /// Reads one recording, of its sensors those that are asked for and present.
  ///
  /// - Throws: ``ReadError`` naming the file and, in text, the line.
  func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording

  /// Reads one recording, as a card asks for its channels and labels.
  ///
  /// - Throws: ``ReadError`` naming the file and, in text, the line.
  func read(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording
}

extension DatasetReader {
  public var roles: FileRoles { .single }

  public func discover(in root: URL, rules: ReadingRules) throws -> Discovery {
    Discovery(try discover(in: root))
  }

  public func read(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    try read(source, sensors: request.sensors)
  }

  /// The same, with the start that a table of recordings gives it.
  public func recording(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    let read = try read(source, request)
    guard let start = source.start, start != read.start else { return read }
    return Recording(
      id: read.id, subject: read.subject, signals: read.signals, frames: read.frames, hypnogram: read.hypnogram,
      start: start, lightsOffSeconds: read.lightsOffSeconds, warnings: read.warnings)
  }
}
