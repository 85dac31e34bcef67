public import Foundation
import SleepCore

extension RecordingTable {
  /// The recordings of the table, found below a folder but not read.
  ///
  /// - Parameters:
  ///   - root: The folder that the table's paths start from.
  ///   - reader: Who is to read them, and says which roles files have.
  /// - Throws: ``ReadError`` with the table's line for a file that is not there, a role that the reader does not know, and two files of
  ///   one role.
  public func sources(root: URL, reader: any DatasetReader) throws -> [RecordingSource] {
    // A root that is missing is one error, and not one a file.
    _ = try Folder(root, expected: "the folder that the table's paths start from")
    return try rows.enumerated().map { index, row in
      let line = origin?.lines[index]
      func refuse(_ found: String, _ expected: String) -> ReadError {
        ReadError(origin?.url ?? root, line: line, found: found, expected: expected)
      }
      guard !row.subject.isEmpty else { throw refuse("no subject of '\(row.recording)'", "whose recording it is") }
      var files: [String: URL] = [:]
      for signal in row.signals {
        let role = try Self.role(of: signal, reader, refuse)
        guard files[role] == nil else {
          throw refuse("a second file of the role '\(role)', \(quotedName(signal.path))", "one file a role")
        }
        files[role] = try Self.file(signal.path, below: root, refuse)
      }
      for path in row.labels {
        guard let role = reader.roles.labels else {
          throw refuse(
            "the label file \(quotedName(path))", "none: '\(reader.name)' reads labels from the signal's file")
        }
        files[role] = try Self.file(path, below: root, refuse)
      }
      return RecordingSource(
        id: row.recording, subject: Subject(row.subject), session: row.session.isEmpty ? nil : row.session,
        files: files,
        start: row.start, decidedBy: RecordingTable.rule)
    }
  }

  private static func role(
    of signal: SignalFile, _ reader: any DatasetReader, _ refuse: (String, String) -> ReadError
  ) throws -> String {
    let roles = reader.roles
    guard let role = signal.role else {
      guard let main = roles.main else {
        let example = roles.signals?.first ?? "1"
        throw refuse(
          "the file \(quotedName(signal.path)) without its role", "role=path, such as \(example)=\(signal.path)")
      }
      return main
    }
    guard let known = roles.signals, !known.contains(role) else { return role }
    let meant = nearest(role, among: known).map { "'\($0)', the nearest of them" } ?? known.joined(separator: ", ")
    throw refuse("the role '\(role)' of \(quotedName(signal.path))", "one that '\(reader.name)' reads: \(meant)")
  }

  private static func file(_ path: String, below root: URL, _ refuse: (String, String) -> ReadError) throws -> URL {
    let url = root.appendingPathComponent(path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      let beside = (try? Folder(url.deletingLastPathComponent(), expected: "").names) ?? []
      let meant =
        nearest(url.lastPathComponent, among: beside).map { "; the nearest name there is \(quotedName($0))" } ?? ""
      throw refuse("no file \(quotedName(path)) below \(root.relativePath)", "one that is there\(meant)")
    }
    guard !isFolder.boolValue else { throw refuse("the folder \(quotedName(path))", "a file") }
    return url
  }
}
