public import Foundation

/// What a file held when it was looked at: enough to know later whether it still does.
public struct FileFacts: Codable, Hashable, Sendable {
  /// Bytes.
  public let size: Int
  /// Hash of its bytes, as ``ContentHash`` makes it.
  public let hash: String
  /// Which file it was and when it was last changed, as the file system keeps it. The same stamp is the same content, without reading it;
  /// another one, as of a copy, says nothing.
  public let stamp: String

  /// Reads a file whole.
  ///
  /// - Throws: ``FileFactsError``.
  public init(of url: URL) throws {
    let status = try Self.status(url)
    size = Int(status.st_size)
    stamp = Self.stamp(status)
    hash = try Self.hash(url)
  }

  /// Whether a file holds the same; it is read only where its stamp is another one.
  ///
  /// - Throws: ``FileFactsError`` where it cannot be read.
  public func hold(of url: URL) throws -> Bool {
    let status = try Self.status(url)
    guard Int(status.st_size) == size else { return false }
    return try Self.stamp(status) == stamp || Self.hash(url) == hash
  }

  private static func status(_ url: URL) throws -> stat {
    var status = stat()
    guard stat(url.path, &status) == 0 else {
      throw FileFactsError(path: url.path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileFactsError(path: url.path, reason: "it is no file") }
    return status
  }

  /// The time of the last change of the file's facts cannot be set by anyone, unlike that of its content.
  private static func stamp(_ status: stat) -> String {
    "\(status.st_dev) \(status.st_ino) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)"
  }

  private static func hash(_ url: URL) throws -> String {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileFactsError(path: url.path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var hash = ContentHash()
    // A multiple of eight, so that words do not depend on how much is read at once.
    let size = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { buffer.deallocate() }
    var filled = 0
    while true {
      let count = read(descriptor, buffer.baseAddress! + filled, size - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileFactsError(path: url.path, reason: String(cString: strerror(errno))) }
      filled += count
      if filled == size || count == 0 {
        hash.combineWords(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        filled = 0
      }
      if count == 0 { return hash.text }
    }
  }
}

/// A file of which nothing could be learnt.
public struct FileFactsError: Error, Equatable, LocalizedError {
  public let path: String
  public let reason: String

  public var errorDescription: String? {
    "\(path): found a file that cannot be read (\(reason)), expected one that can: see whether it is there, and may be read"
  }
}
