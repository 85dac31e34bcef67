import SleepCore

/// Whose a recording is, and which visit.
struct RecordingOwner: Hashable, Sendable {
  /// `nil` where nobody could tell.
  var subject: Subject?
  var session: String?
  /// By which rule, in a few words.
  var decidedBy: String
}
