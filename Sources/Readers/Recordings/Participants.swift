import Foundation

/// The people of a BIDS data set, `participants.tsv`.
struct Participants {
  let url: URL
  let names: Set<String>

  /// - Throws: ``ReadError`` for a file that cannot be read or names no people.
  init(_ url: URL) throws {
    self.url = url
    let rows = try DelimitedText(
      TextFile(url, atMost: RawFile.mostBytesBesideSignals), separator: "\t"
    ).rows
    guard let header = rows.first, let column = header.fields.firstIndex(of: "participant_id") else {
      throw ReadError(
        url, line: 1, found: "no column 'participant_id'", expected: "it, with a person such as 'sub-01' a line")
    }
    names = Set(rows.dropFirst().compactMap { $0.fields.indices.contains(column) ? $0.fields[column] : nil })
  }

  /// Who has recordings after BIDS and is missing from the list beside them.
  static func notes(on files: [FileName], below root: URL) throws -> [String] {
    var subjects: [String: Set<String>] = [:]
    for file in files {
      guard let name = BIDSName(file.stem) else { continue }
      let folders = file.folder.split(separator: "/")
      guard let place = folders.firstIndex(where: { $0 == name.subject }) else { continue }
      subjects[folders[..<place].joined(separator: "/"), default: []].insert(name.subject)
    }
    return try subjects.sorted { $0.key < $1.key }.compactMap { folder, subjects in
      let url = (folder.isEmpty ? root : root.appendingPathComponent(folder)).appendingPathComponent("participants.tsv")
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      let missing = inNumericOrder(subjects.subtracting(try Participants(url).names))
      guard !missing.isEmpty else { return nil }
      let path = FileName(url, below: root).path
      return "\(path) does not name \(listed(missing)), whose recordings are here"
    }
  }
}
