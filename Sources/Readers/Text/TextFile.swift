package import Foundation

/// The bytes of a text file as UTF-8.
///
/// A mark (BOM) of UTF-8 is skipped; text with a mark of UTF-16 is decoded.
package final class TextFile {
  package let url: URL
  /// The whole text, without a mark. Lives as long as this object.
  let bytes: UnsafeBufferPointer<UInt8>
  private let memory: UnsafeMutableBufferPointer<UInt8>

  /// No line of any known text is as long; what is made of one takes many times its size.
  private static let longestLine = 1 << 20

  /// - Parameter limit: The most bytes that such a file may have.
  /// - Throws: ``ReadError`` for a missing file, a folder, an empty file, a line of a mebibyte, and UTF-16 cut in the middle of a character.
  package init(_ url: URL, atMost limit: Int = .max) throws {
    self.url = url
    let text = try Self.read(RawFile(url, expected: "a text file"), limit)
    let mark = text.prefix(3)
    guard mark.starts(with: [0xff, 0xfe]) || mark.starts(with: [0xfe, 0xff]) else {
      memory = text
      bytes = UnsafeBufferPointer(rebasing: text[(mark.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)...])
      return
    }
    defer { text.deallocate() }
    memory = try Self.decode(utf16: text, url)
    bytes = UnsafeBufferPointer(memory)
  }

  deinit { memory.deallocate() }

  /// - Throws: ``ReadError`` where it is larger than `limit`, or a line does not end.
  private static func read(_ file: RawFile, _ limit: Int) throws -> UnsafeMutableBufferPointer<UInt8> {
    guard file.size <= limit else {
      throw ReadError(
        file.url, found: "\(file.size) bytes", expected: "at most \(limit) in a text file that holds no signals")
    }
    // Before memory is asked for all of it.
    try expectLines(file)
    try RawFile.expectRoom(for: file.size / MemoryLayout<Float>.size, file.url)
    let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.size)
    do { try file.read(at: 0, into: UnsafeMutableRawBufferPointer(text)) } catch {
      text.deallocate()
      throw error
    }
    return text
  }

  private static func expectLines(_ file: RawFile) throws {
    var line = 1
    for start in stride(from: 0, to: file.size, by: longestLine) {
      let piece = try file.bytes(start..<min(start + longestLine, file.size))
      let ends = piece.count { $0 == 0x0a }
      line += ends
      guard piece.count == longestLine, ends == 0 else { continue }
      throw ReadError(
        file.url, line: line, found: "a line of \(longestLine) bytes or more", expected: "a text file, whose lines end")
    }
  }

  private static func decode(
    utf16 text: UnsafeMutableBufferPointer<UInt8>, _ url: URL
  ) throws -> UnsafeMutableBufferPointer<UInt8> {
    guard text.count % 2 == 0 else {
      throw ReadError(url, found: "\(text.count) bytes of UTF-16", expected: "an even number of bytes")
    }
    let low = text[0] == 0xff ? 0 : 1
    let units = stride(from: 2, to: text.count, by: 2).map {
      UInt16(text[$0 + low]) | UInt16(text[$0 + 1 - low]) << 8
    }
    let utf8 = Array(String(decoding: units, as: UTF16.self).utf8)
    let decoded = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: utf8.count)
    _ = decoded.initialize(from: utf8)
    return decoded
  }
}
