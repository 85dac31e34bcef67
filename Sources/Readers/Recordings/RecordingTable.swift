import Foundation
public import SleepCore

/// A table of recordings: whose night each is, which visit, which files, and when, as a user says it. A line a recording.
///
/// A CSV file in UTF-8, or with tabs as TSV, whose first line names the columns. `recording`, `subject`, `signals` and `labels` must be
/// there; `session`, `start`, `duration_seconds` and `decided_by` may be. A column of another name is kept and told, unless its name is
/// so near to one of these that it was likely meant: that is an error.
public struct RecordingTable: Hashable, Sendable {
  /// One line.
  public struct Row: Hashable, Sendable {
    /// Names the recording's folder in a corpus.
    public var recording: String
    /// Empty in a draft where nobody could tell; refused when a table is read.
    public var subject: String
    /// Which night or visit; empty where nobody says.
    public var session: String
    /// In the order of the table.
    public var signals: [SignalFile]
    /// Paths below the root: one, or none where the recording is unscored. Several in a draft, to choose from.
    public var labels: [String]
    /// What the recording's clock said at its zero.
    public var start: LocalTime?
    /// For the reader's eye; nothing is computed of it.
    public var durationSeconds: Double?
    /// By which rule a draft's line was filled in.
    public var decidedBy: String
    /// The fields of the other columns, in their order.
    public var others: [String]

    public init(
      recording: String, subject: String, session: String = "", signals: [SignalFile], labels: [String] = [],
      start: LocalTime? = nil, durationSeconds: Double? = nil, decidedBy: String = "", others: [String] = []
    ) {
      self.recording = recording
      self.subject = subject
      self.session = session
      self.signals = signals
      self.labels = labels
      self.start = start
      self.durationSeconds = durationSeconds
      self.decidedBy = decidedBy
      self.others = others
    }
  }

  /// A signal file and what it is for.
  public struct SignalFile: Hashable, Sendable {
    /// `heart-rate`; `nil` for the reader's main file.
    public var role: String?
    /// Below the root.
    public var path: String

    public init(role: String? = nil, path: String) {
      self.role = role
      self.path = path
    }
  }

  public var rows: [Row]
  /// The names of columns that no rule reads, in their order.
  public var otherColumns: [String]
  /// Where it was read.
  let origin: Origin?

  struct Origin: Hashable, Sendable {
    let url: URL
    /// The line that each row begins on.
    let lines: [Int]
  }

  public init(rows: [Row], otherColumns: [String] = []) {
    self.init(rows: rows, otherColumns: otherColumns, origin: nil)
  }

  init(rows: [Row], otherColumns: [String], origin: Origin?) {
    self.rows = rows
    self.otherColumns = otherColumns
    self.origin = origin
  }

  /// What a user should know of how it was read, a sentence each.
  public var notes: [String] {
    let name = origin?.url.lastPathComponent ?? "the table"
    return otherColumns.map { "\(name): the column \(quotedName($0)) is of no known meaning, and left alone" }
  }

  /// The columns, in the order in which they are written.
  /// By what the table's recordings are decided, as reports say it.
  static let rule = "the table of recordings"
  static let columns = [
    "recording", "subject", "session", "signals", "labels", "start", "duration_seconds", "decided_by",
  ]
  static let neededColumns = ["recording", "subject", "signals", "labels"]
}
