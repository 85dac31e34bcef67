import Files
public import Foundation
import SleepCore

extension RecordingTable {
  /// The table as text: CSV, or with tabs.
  public func text(separator: Unicode.Scalar = ",") -> String {
    var text = CSV.line(Self.columns + otherColumns, separator: separator)
    for row in rows {
      let others = (0..<otherColumns.count).map { row.others.indices.contains($0) ? row.others[$0] : "" }
      text += CSV.line(
        [
          row.recording, row.subject, row.session, row.signals.map(\.text).joined(separator: ";"),
          row.labels.joined(separator: ";"), row.start?.text ?? "", row.durationSeconds.map(plain) ?? "", row.decidedBy,
        ] + others, separator: separator)
    }
    return text
  }

  /// Writes a new file, with tabs where its name ends in `.tsv`.
  ///
  /// - Throws: ``ReadError`` where there is a file already: a table that someone edited is never overwritten; ``Files/DiskError``.
  public func write(to url: URL) throws {
    try Self.expectNew(url)
    let text = text(separator: Self.separator(of: url)?.unicodeScalars.first ?? ",")
    try Data(text.utf8).writeWhole(to: url)
  }

  /// - Throws: ``ReadError`` where there is a file already.
  public static func expectNew(_ url: URL) throws {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    throw ReadError(
      url, found: "a file that is there already",
      expected: "a new one, since a table may hold your decisions: name another, or remove it")
  }

  static func separator(of url: URL) -> Character? {
    switch url.pathExtension.lowercased() {
    case "tsv", "tab": "\t"
    case "csv": ","
    default: nil
    }
  }
}

extension RecordingTable.SignalFile {
  /// As it stands in the table: `role=path`, or the path alone.
  var text: String {
    // A path with `=` in it would be read as a role's.
    role.map { "\($0)=\(path)" } ?? path
  }
}
