package import Foundation

/// The bytes of a text file as UTF-8, memory-mapped where they already are.
///
/// A mark (BOM) of UTF-8 is skipped; text with a mark of UTF-16 is decoded.
package final class TextFile {
  package let url: URL
  /// The whole text, without a mark. Lives as long as this object.
  let bytes: UnsafeBufferPointer<UInt8>
  private let mapped: UnsafeMutableRawBufferPointer?
  private let decoded: UnsafeMutableBufferPointer<UInt8>?

  /// - Throws: ``ReadError`` for a missing file, a folder, an empty file and UTF-16 cut in the middle of a character.
  package init(_ url: URL) throws {
    self.url = url
    let mapped = try Self.map(url)
    let text = mapped.bindMemory(to: UInt8.self)
    let mark = text.prefix(3)
    if mark.starts(with: [0xff, 0xfe]) || mark.starts(with: [0xfe, 0xff]) {
      defer { munmap(mapped.baseAddress, mapped.count) }
      let decoded = try Self.decode(utf16: text, url)
      self.mapped = nil
      self.decoded = decoded
      bytes = UnsafeBufferPointer(decoded)
    } else {
      self.mapped = mapped
      decoded = nil
      let hasMark = mark.starts(with: [0xef, 0xbb, 0xbf])
      bytes = UnsafeBufferPointer(rebasing: text[(hasMark ? 3 : 0)...])
    }
  }

  deinit {
    if let mapped { munmap(mapped.baseAddress, mapped.count) }
    decoded?.deallocate()
  }

  private static func map(_ url: URL) throws -> UnsafeMutableRawBufferPointer {
    func refuse(_ found: String) -> ReadError {
      ReadError(url, found: found, expected: "a text file")
    }
    var status = stat()
    guard stat(url.path, &status) == 0 else {
      throw refuse(errno == ENOENT ? "no such file" : "'\(String(cString: strerror(errno)))'")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw refuse("a folder")
    default: throw refuse("a device")
    }
    guard status.st_size > 0 else { throw refuse("an empty file") }
    let descriptor = open(url.path, O_RDONLY)
    guard descriptor >= 0 else { throw refuse("'\(String(cString: strerror(errno)))'") }
    defer { close(descriptor) }
    let length = Int(status.st_size)
    guard let base = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw refuse("'\(String(cString: strerror(errno)))'") }
    return UnsafeMutableRawBufferPointer(start: base, count: length)
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
