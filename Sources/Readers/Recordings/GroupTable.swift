public import Foundation
public import SleepCore

/// Where a data set keeps, in a table of its own, which of its people belong together, as a card's `groups` say it: families, or twins. People
/// of one group never stand on both sides of a split.
public struct GroupTable: Codable, Hashable, Sendable, Ranged {
  /// The table's path below the raw folder, with `*` for anything in one name and `**/` for any folders or none: CSV, or TSV by its ending. Of
  /// several such files the last by its name counts, as of several versions.
  public var table: String
  /// The column that holds the subjects; numbers are compared as numbers, `0001` with `1`.
  public var key: String
  /// The column that holds the group.
  public var group: String

  public static let ranges = NumberRanges(CodingKeys.self, [:])

  public init(table: String, key: String, group: String) {
    self.table = table
    self.key = key
    self.group = group
  }

  /// The table among the files below a folder.
  private func url(in root: URL) throws -> URL {
    let pattern = try FilePattern(table, root: root)
    let tree = try FolderTree(root, expected: "the folder that the card's table of groups lies in")
    guard
      let url = try tree.files.last(where: { try pattern.values(in: FileName($0, below: root).path, root: root) != nil }
      )
    else {
      throw ReadError(
        root, found: "no file '\(table)'",
        expected:
          "the table of who belongs together, as 'groups' in the card says; a card without 'groups' lets relatives stand on "
          + "both sides of a split")
    }
    return url
  }

  /// Gives each recording the group of its subject.
  ///
  /// - Throws: ``ReadError`` for a table that is not there or lacks a column, for one subject of two groups, and for subjects that are not in it.
  fileprivate func apply(to sources: inout [RecordingSource], root: URL) throws -> String {
    let url = try url(in: root)
    let rows = try ColumnPairs(url, path: FileName(url, below: root).path, key, group, as: "groups")
    var groups: [String: String] = [:]
    for row in rows.pairs where !row.value.isEmpty {
      let subject = ShiftTable.plain(row.key)
      if let other = groups[subject], other != row.value {
        throw ReadError(
          rows.url, line: row.line, found: "'\(printable(row.key.utf8))' in group '\(printable(row.value.utf8))'",
          expected: "group '\(printable(other.utf8))' as in a line before")
      }
      groups[subject] = row.value
    }
    let missing = Set(sources.map(\.subject)).filter { groups[ShiftTable.plain($0.id)] == nil }.sorted()
    guard missing.isEmpty else {
      throw ReadError(
        rows.url, found: "no '\(group)' of \(listed(missing.map { quotedName($0.id) }))",
        expected: "one of each subject: people who belong together must not stand on both sides of a split")
    }
    for index in sources.indices { sources[index].group = groups[ShiftTable.plain(sources[index].subject.id)] }
    return rows.path
  }
}

extension Discovery {
  /// Tells of each recording which group its subject belongs to, as a card's `groups` say, where its files' names have not.
  ///
  /// - Throws: ``ReadError``, as for one subject of two groups.
  public mutating func group(by rules: ReadingRules, in root: URL) throws {
    let told = try rules.groups?.apply(to: &sources, root: root) ?? "the card's files"
    var groups: [Subject: String] = [:]
    for source in sources {
      guard let group = source.group else { continue }
      if let other = groups.updateValue(group, forKey: source.subject), other != group {
        throw ReadError(
          root, found: "subject '\(source.subject)' in the groups '\(other)' and '\(group)'",
          expected: "one group of each subject")
      }
    }
    guard !groups.isEmpty else { return }
    let count = Set(groups.values).count
    notes.append(
      "\(groups.count) subjects belong to \(count) \(count == 1 ? "group" : "groups") by \(told): people of one group stand on one "
        + "side of a split")
  }
}
