import Foundation
public import SleepCore

/// Where a data set keeps, in a table of its own, who stands behind the names of its recordings, as a card's `subjects` say it.
public struct SubjectTable: Codable, Hashable, Sendable, Ranged {
  /// The table's path below the raw folder: CSV, or TSV by its ending.
  public var table: String
  /// The column that holds the names which the files' paths give.
  public var key: String
  /// The column that holds who it is; recordings of one are of one person.
  public var subject: String

  public static let ranges = NumberRanges(CodingKeys.self, [:])

  public init(table: String, key: String, subject: String) {
    self.table = table
    self.key = key
    self.subject = subject
  }

  /// Gives each recording the subject that the table names; who is missing from it is undecided.
  ///
  /// - Throws: ``ReadError`` for a table that is not there, leaves the folder or lacks a column, and for one name of two people.
  func apply(to discovery: inout Discovery, root: URL) throws {
    let rows = try ColumnPairs(table, below: root, key, subject, as: "subjects")
    var people: [String: String] = [:]
    for row in rows.pairs where !row.value.isEmpty {
      if let other = people[row.key.lowercased()], other != row.value {
        throw ReadError(
          rows.url, line: row.line, found: "'\(printable(row.key.utf8))' as '\(printable(row.value.utf8))'",
          expected: "'\(printable(other.utf8))' as in a line before")
      }
      people[row.key.lowercased()] = row.value
    }
    var missing: [String] = []
    discovery.sources = discovery.sources.compactMap { source in
      guard let person = people[source.subject.id.lowercased()] else {
        missing.append(source.id)
        return nil
      }
      var source = source
      source.subject = Subject(person)
      source.decidedBy += ", whose they are by \(rows.path)"
      return source
    }
    if !missing.isEmpty {
      discovery.undecided.append(
        "\(rows.path) does not say who \(listed(missing.map(quotedName))) \(missing.count == 1 ? "is" : "are")")
    }
  }
}
