import CSQLite
import Files
import Foundation
import SleepCore

/// A database of SQLite, read from a copy in memory: nothing is written beside the file, no other file is opened for it, and what a query does
/// is bounded by the file's size.
final class SQLiteFile {
  let url: URL
  private let kind: String
  private let memory: UnsafeMutableBufferPointer<UInt8>
  private let steps: UnsafeMutablePointer<Int>
  private var database: OpaquePointer?

  private static let mark = Array("SQLite format 3\0".utf8)
  /// Steps of the virtual machine between two looks at how many there were.
  private static let stepsAtOnce = 1000
  private static let longestValue: Int32 = 1 << 20

  /// - Throws: ``ReadError`` where it is no such file or cannot be read.
  init(_ file: RawFile) throws(ReadError) {
    (url, kind) = (file.url, file.kind)
    let bytes = try file.bytes(atMost: InputFile.mostExpanded)
    guard bytes.starts(with: Self.mark), bytes.count >= 512 else {
      throw ReadError(
        file.url, found: "'\(printable(bytes.prefix(16)))' at its start",
        expected: "\(file.kind), a database of SQLite 3")
    }
    memory = .allocate(capacity: bytes.count)
    _ = memory.initialize(from: bytes)
    // A journal beside the file is not looked for: what stands in the file counts.
    (memory[18], memory[19]) = (1, 1)
    steps = .allocate(capacity: 1)
    steps.initialize(to: (10_000_000 + 20 * bytes.count) / Self.stepsAtOnce)
    guard sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nil) == SQLITE_OK,
      sqlite3_deserialize(
        database, "main", memory.baseAddress, Int64(bytes.count), Int64(bytes.count),
        UInt32(SQLITE_DESERIALIZE_READONLY)) == SQLITE_OK
    else { throw failure() }
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, Self.longestValue)
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0)
    sqlite3_progress_handler(
      database, Int32(Self.stepsAtOnce),
      { context in
        guard let left = context?.assumingMemoryBound(to: Int.self) else { return 1 }
        left.pointee -= 1
        return left.pointee > 0 ? 0 : 1
      }, steps)
    sqlite3_exec(database, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON", nil, nil, nil)
  }

  deinit {
    sqlite3_close(database)
    memory.deallocate()
    steps.deallocate()
  }

  private func failure() -> ReadError {
    let reason = database.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "it cannot be opened"
    return ReadError(url, found: "a damaged database (\(reason))", expected: kind)
  }

  /// The value of a column in the row that is read.
  struct Row {
    fileprivate let statement: OpaquePointer?

    func integer(_ column: Int) -> Int64? { isThere(column) ? sqlite3_column_int64(statement, Int32(column)) : nil }
    func number(_ column: Int) -> Double? { isThere(column) ? sqlite3_column_double(statement, Int32(column)) : nil }
    func text(_ column: Int) -> String? {
      sqlite3_column_text(statement, Int32(column)).map { String(cString: $0) }
    }
    private func isThere(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) != SQLITE_NULL }
  }

  /// The names of a table's columns; none where there is no such table.
  func columns(of table: String) throws -> [String] {
    var names: [String] = []
    // A view may compute without end.
    try forEachRow("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = '\(table)'") { _ in names.append("")
    }
    guard !names.isEmpty else { return [] }
    names = []
    try forEachRow("SELECT name FROM pragma_table_info('\(table)')") { row in row.text(0).map { names.append($0) } }
    return names
  }

  /// Calls `body` with each row of a query's result.
  ///
  /// - Throws: ``ReadError`` where the database is damaged or takes too long, and what `body` throws.
  func forEachRow(_ query: String, _ body: (Row) throws -> Void) throws {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK else { throw failure() }
    defer { sqlite3_finalize(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: try body(Row(statement: statement))
      case SQLITE_DONE: return
      default: throw failure()
      }
    }
  }
}
