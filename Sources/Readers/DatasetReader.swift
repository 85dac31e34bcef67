public import Foundation
public import SleepCore

/// The files of one recording, found but not read.
public struct RecordingSource: Sendable, Hashable {
  /// Unique in the data set; safe as a file name.
  public let id: String
  public let subject: Subject
  /// Each file by what it is for: `psg`, `hypnogram`, `labels`, `heart-rate`. A file that is absent is not named.
  public let files: [String: URL]

  public init(id: String, subject: Subject, files: [String: URL]) {
    self.id = id
    self.subject = subject
    self.files = files
  }
}

/// Reads one data set as its publisher ships it. A new data set is one file with such a value, and one line in
/// ``DatasetReaders/all``.
public protocol DatasetReader: Sendable {
  /// As the command line names it: `sleep-accel`.
  var name: String { get }
  /// Every sensor that the data set may hold.
  var sensors: [Sensor] { get }
  /// What its labels are; `nil` where it has none.
  var labels: LabelKind? { get }

  /// Finds the recordings below a folder, in order of their identifiers.
  ///
  /// - Throws: ``ReadError`` when the folder is missing or holds nothing of this data set.
  func discover(in root: URL) throws -> [RecordingSource]

  /// Reads one recording, of its sensors those that are asked for and present.
  ///
  /// - Throws: ``ReadError`` naming the file and, in text, the line.
  func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording
}
