public import Foundation

/// What a file held when it was looked at: enough to know later whether it still does.
public struct FileFacts: Codable, Hashable, Sendable {
  /// Bytes.
  public let size: Int
  /// Hash of its bytes, as ``ContentHash`` makes it.
  public let hash: String
  /// Which file it was and when it was last changed. The same stamp is the same content, without reading it; another one, as of a copy, says
  /// nothing.
  public let stamp: String

  /// Reads a file whole.
  ///
  /// - Throws: ``InputError``.
  public init(of url: URL) throws(InputError) {
    let file = try InputFile(url)
    (size, stamp) = (file.size, file.stamp)
    hash = try file.hash()
  }

  /// Whether a file holds the same; it is read only where its stamp is another one.
  ///
  /// - Throws: ``InputError`` where it cannot be read.
  public func hold(of url: URL) throws(InputError) -> Bool {
    let file = try InputFile(url)
    guard file.size == size else { return false }
    if file.stamp == stamp { return true }
    return try file.hash() == hash
  }
}

extension InputFile {
  /// The hash of all bytes, some at a time.
  fileprivate func hash() throws(InputError) -> String {
    // A multiple of eight, so that words do not depend on how much is read at once; what fits into the processor's cache.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 8)
    defer { buffer.deallocate() }
    var hash = ContentHash()
    for start in stride(from: 0, to: size, by: buffer.count) {
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, size - start)])
      try read(at: start, into: piece)
      hash.combineWords(UnsafeRawBufferPointer(piece))
    }
    return hash.text
  }
}
