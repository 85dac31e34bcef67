import Foundation

/// The records of a table, one a line, or several lines where a field in quotation marks holds their ends (RFC 4180).
///
/// Lines of blanks alone and comments, which begin with `#` or `%`, are passed over.
final class TableRecords {
  struct Record {
    /// Of its first character, counted from 1.
    let line: Int
    /// Without the end of its last line. Valid until the next record is asked for.
    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether a field may be in quotation marks.
    let hasQuotes: Bool
    /// Whether the file ends before the line does.
    let isUnended: Bool
  }

  private static let longestRecord = 1 << 20
  /// Bytes that are read at once: what fits into the processor's cache.
  private static let piece = 1 << 17

  @exclusivity(unchecked) private var source: TextBytes
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  /// What is in the buffer and not yet handed out.
  @exclusivity(unchecked) private var held = 0..<0
  @exclusivity(unchecked) private var isAtEnd = false
  @exclusivity(unchecked) private var line = 0
  /// Where the next quotation mark stands; before what is held where nobody has looked.
  @exclusivity(unchecked) private var quote = -1
  /// Lines of blanks alone, since the last record.
  @exclusivity(unchecked) private(set) var blankLines = 0
  /// Comments so far, the first few.
  @exclusivity(unchecked) private(set) var comments: [String] = []

  var url: URL { source.url }
  var size: Int { source.size }
  var isUnmarked: Bool { source.isUnmarked }

  /// - Parameter skipping: Lines that are passed over, whatever they hold.
  /// - Throws: ``ReadError`` for what is no file, and an empty one.
  init(_ url: URL, skipping lines: Int = 0) throws {
    source = try TextBytes(url)
    // More than the longest record, so that there is always room to read into.
    buffer = .allocate(capacity: Self.longestRecord + Self.piece)
    for _ in 0..<lines { _ = try nextLine(mayBeQuoted: false) }
  }

  deinit { buffer.deallocate() }

  /// - Throws: ``ReadError`` for a record of a mebibyte, and a field in quotation marks that does not end.
  func next() throws -> Record? {
    blankLines = 0
    while let record = try nextLine(mayBeQuoted: true) {
      guard let first = record.bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) else {
        blankLines += 1
        continue
      }
      if first == 0x23 || first == 0x25 {
        if comments.count < 64 { comments.append(String(decoding: record.bytes, as: UTF8.self)) }
        continue
      }
      return record
    }
    return nil
  }

  private func nextLine(mayBeQuoted: Bool) throws -> Record? {
    let start = line + 1
    // Bytes of the record that were searched for its end, and those of its lines that have ended.
    var (searched, ended) = (0, 0)
    var quotes = 0
    func isOpen(_ base: UnsafeMutablePointer<UInt8>, upTo length: Int) -> Bool {
      guard mayBeQuoted, !isComment(base) else { return false }
      quotes += self.quotes(from: held.lowerBound + ended, to: held.lowerBound + length)
      return quotes % 2 == 1
    }
    while true {
      guard let base = buffer.baseAddress.map({ $0 + held.lowerBound }) else { return nil }
      if searched < held.count, let end = memchr(base + searched, 0x0a, held.count - searched) {
        let length = UnsafeRawPointer(end) - UnsafeRawPointer(base)
        line += 1
        if isOpen(base, upTo: length) {
          (searched, ended) = (length + 1, length + 1)
          continue
        }
        return take(length, end: 1, line: start, hasQuotes: quotes > 0, isUnended: false)
      }
      searched = held.count
      if isAtEnd {
        guard !held.isEmpty else { return nil }
        if isOpen(base, upTo: held.count) {
          throw ReadError(
            url, line: start, found: "a field in quotation marks that does not end", expected: "a second '\"' after it")
        }
        return take(held.count, end: 0, line: start, hasQuotes: quotes > 0, isUnended: true)
      }
      try refill(start)
    }
  }

  private func isComment(_ bytes: UnsafeMutablePointer<UInt8>) -> Bool {
    bytes.pointee == 0x23 || bytes.pointee == 0x25
  }

  private func take(_ length: Int, end: Int, line: Int, hasQuotes: Bool, isUnended: Bool) -> Record {
    let start = held.lowerBound
    held = (start + length + end)..<held.upperBound
    let isWindows = length > 0 && buffer[start + length - 1] == 0x0d
    return Record(
      line: line, bytes: UnsafeBufferPointer(rebasing: buffer[start..<start + length - (isWindows ? 1 : 0)]),
      hasQuotes: hasQuotes, isUnended: isUnended)
  }

  /// Quotation marks in a part of the buffer.
  private func quotes(from start: Int, to end: Int) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    if quote < start {
      let found = memchr(base + start, 0x22, held.upperBound - start)
      quote = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? held.upperBound
    }
    return quote < end ? buffer[quote..<end].count { $0 == 0x22 } : 0
  }

  private func refill(_ line: Int) throws {
    guard held.count < Self.longestRecord else {
      throw ReadError(
        url, line: line, found: "a line of \(Self.longestRecord) bytes or more",
        expected: "a table of samples, whose lines end")
    }
    if held.lowerBound > 0, let base = buffer.baseAddress { memmove(base, base + held.lowerBound, held.count) }
    held = 0..<held.count
    quote = -1
    let room = held.upperBound..<min(held.upperBound + Self.piece, buffer.count)
    let count = try source.read(into: UnsafeMutableBufferPointer(rebasing: buffer[room]))
    isAtEnd = count == 0
    held = 0..<held.count + count
  }
}
