public import Foundation
import SleepCore

/// Drafts a table of recordings of what lies below a folder, by exact rules; only headers are read.
///
/// What no rule decides stands in the table too: a line without a subject, with several label files, or with one that another line has. Such
/// a line is refused when the table is read, until someone has decided.
public struct Scan: Sendable {
  public let table: RecordingTable
  /// What could not be decided, a sentence each that names the files; empty where all is clear.
  public let undecided: [String]
  /// What a user should know of how the files were read, a sentence each.
  public let notes: [String]
  /// The lines of the table that need a decision.
  public let undecidedRows: Int

  /// - Parameters:
  ///   - root: The folder that the table's paths will start from.
  ///   - rules: What a card says of subjects and label files.
  /// - Throws: ``ReadError`` when the folder is missing or holds nothing of the reader's data set, and when its recordings share files.
  public init(root: URL, reader: any DatasetReader, rules: ReadingRules = ReadingRules()) throws {
    let discovery = try reader.discover(in: root, rules: rules)
    let roles = reader.roles
    var rows = try discovery.sources.map { source in
      var files = source.files
      let labels = roles.labels.flatMap { files.removeValue(forKey: $0) }
      return try Self.row(
        root, roles, id: source.id, subject: source.subject.id, session: source.session, files: files,
        labels: labels.map { [$0] } ?? [], decidedBy: source.decidedBy)
    }
    rows += try discovery.drafts.map { draft in
      var files = draft.files
      var labels = draft.labels
      if let role = roles.labels, let own = files.removeValue(forKey: role) { labels.append(own) }
      return try Self.row(
        root, roles, id: draft.id, subject: draft.subject?.id ?? "", session: draft.session, files: files,
        labels: labels,
        decidedBy: "undecided")
    }
    rows.sort { $0.recording.compare($1.recording, options: .numeric) == .orderedAscending }
    try Self.expectOwnFiles(rows, root, reader)
    table = RecordingTable(rows: rows)
    undecided = discovery.undecided
    notes = discovery.notes
    undecidedRows = discovery.drafts.count
  }

  private static func row(
    _ root: URL, _ roles: FileRoles, id: String, subject: String, session: String?, files: [String: URL], labels: [URL],
    decidedBy: String
  ) throws -> RecordingTable.Row {
    let main = roles.main.flatMap { files[$0] }
    let header = main.flatMap { Self.header(of: $0) }
    let order =
      inNumericOrder(files.keys.filter { $0 == roles.main }) + inNumericOrder(files.keys.filter { $0 != roles.main })
    return RecordingTable.Row(
      recording: id, subject: subject, session: session ?? "",
      signals: try order.map { role in
        let path = try path(files[role], below: root)
        let isPlain = role == roles.main && RecordingTable.parts(of: path).role == nil
        return RecordingTable.SignalFile(role: isPlain ? nil : role, path: path)
      },
      labels: try labels.map { try path($0, below: root) }, start: header?.start.flatMap { LocalTime($0) },
      durationSeconds: header.flatMap { $0.recordSeconds > 0 ? Double($0.recordCount) * $0.recordSeconds : nil },
      decidedBy: decidedBy)
  }

  /// - Throws: ``ReadError`` for a path that a table cannot hold.
  private static func path(_ url: URL?, below root: URL) throws -> String {
    guard let url else { return "" }
    let path = FileName(url, below: root).path
    guard !path.contains(";"), path == path.trimmingCharacters(in: .whitespaces) else {
      throw ReadError(
        url, found: "a name with ';' or with blanks at its ends",
        expected: "another name: a table separates files by ';'")
    }
    return path
  }

  /// The header of an EDF file; `nil` for other files, and where reading it will tell what is wrong.
  private static func header(of url: URL) -> EDFHeader? {
    guard ScoringName.recordingExtensions.contains(url.pathExtension.lowercased()) else { return nil }
    return try? EDFHeader(contentsOf: url)
  }

  private static func expectOwnFiles(_ rows: [RecordingTable.Row], _ root: URL, _ reader: any DatasetReader) throws {
    var seen: Set<String> = []
    for path in rows.flatMap(\.signals).map(\.path) where !seen.insert(path).inserted {
      throw ReadError(
        root.appendingPathComponent(path), found: "a file of several recordings",
        expected: "a file a recording: '\(reader.name)' needs no table")
    }
  }
}

extension LocalTime {
  /// A date with its time of day, as headers have it.
  init?(_ date: DateComponents) {
    guard let year = date.year, let month = date.month, let day = date.day else { return nil }
    self.init(
      year: year, month: month, day: day, hour: date.hour ?? 0, minute: date.minute ?? 0,
      second: Double(date.second ?? 0))
  }
}
