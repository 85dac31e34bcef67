import Foundation
import SleepCore

/// Two columns of a table that a data set keeps beside its recordings.
struct ColumnPairs {
  let url: URL
  /// Below the raw folder.
  let path: String
  let pairs: [(line: Int, key: String, value: String)]

  /// - Parameters:
  ///   - table: Its path below the raw folder, as a card says it.
  ///   - role: What asks for it in the card, for messages: `subjects`.
  /// - Throws: ``ReadError`` for a table that leaves the folder, cannot be read or lacks a column, with the nearest.
  init(_ table: String, below root: URL, _ key: String, _ value: String, as role: String) throws {
    guard let path = table.pathBelowRoot else {
      throw ReadError(
        root, found: "the table '\(table)' of '\(role)' in the card", expected: "a path below the raw folder")
    }
    try self.init(root.appendingPathComponent(path), path: path, key, value, as: role)
  }

  /// - Parameter path: Of the table, below the raw folder.
  init(_ url: URL, path: String, _ key: String, _ value: String, as role: String) throws {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    let rows = try DelimitedText(file, separator: url.pathExtension.lowercased() == "tsv" ? "\t" : ",").rows
    let columns = rows.first?.fields ?? []
    func column(_ name: String) throws -> Int {
      if let found = columns.firstIndex(of: name) { return found }
      let meant = nearest(name, among: columns).map { "; the nearest is '\($0)'" } ?? ""
      throw ReadError(
        url, line: 1, found: "the columns \(listed(columns.map(quotedName)))",
        expected: "one called '\(name)', as '\(role)' in the card says\(meant)")
    }
    let (keyColumn, valueColumn) = (try column(key), try column(value))
    (self.url, self.path) = (url, path)
    pairs = rows.dropFirst().compactMap { row in
      guard let key = row.fields.at(keyColumn), let value = row.fields.at(valueColumn) else { return nil }
      return (row.line, key, value)
    }
  }
}
