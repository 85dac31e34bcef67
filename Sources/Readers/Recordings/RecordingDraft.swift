public import Foundation
public import SleepCore

/// A recording of which not all could be told: whose it is, or which label file is its own.
public struct RecordingDraft: Sendable, Hashable {
  /// Unique in the data set; safe as a file name.
  public var id: String
  /// `nil` where nobody could tell.
  public var subject: Subject?
  /// Which night or visit of the subject it is, where the names say so.
  public var session: String?
  /// The group of people that its subject belongs to, where a card's files say so.
  var group: String?
  /// The signal files by role; empty for a label file that belongs to no recording.
  public var files: [String: URL]
  /// Every label file that may be its own.
  public var labels: [URL]
  /// By which rule the subject was decided, in a few words.
  public var decidedBy: String
  /// Whether all could be told.
  var isDecided: Bool

  init(
    id: String, subject: Subject?, session: String?, files: [String: URL], labels: [URL], isDecided: Bool,
    decidedBy: String
  ) {
    self.id = id
    self.subject = subject
    self.session = session
    self.files = files
    self.labels = labels
    self.isDecided = isDecided
    self.decidedBy = decidedBy
  }

  /// The recording for uses that need neither its subject nor its labels, such as a prediction: a subject of its own, and no labels
  /// where they are in doubt.
  ///
  /// - Returns: `nil` for a label file without a recording.
  public var ofNobody: RecordingSource? {
    guard !files.isEmpty else { return nil }
    return RecordingSource(id: id, subject: subject ?? Subject(id), session: session, files: files, decidedBy: "nobody")
  }

  /// A recording of which all is decided.
  func source(labelsRole: String?) -> RecordingSource {
    var files = files
    if let labelsRole, let file = labels.first { files[labelsRole] = file }
    var source = RecordingSource(
      id: id, subject: subject ?? Subject(id), session: session, files: files, decidedBy: decidedBy)
    source.group = group
    return source
  }
}
