public import Foundation

/// A memory-mapped [safetensors](https://huggingface.co/docs/safetensors) file: named tensors and string metadata.
///
/// The whole header is checked when the file is opened: every tensor lies within the file, and together they cover it.
public final class SafetensorsFile: @unchecked Sendable {
  /// One tensor's place in the file.
  public struct Entry: Equatable, Sendable {
    public let type: SafetensorsType
    public let shape: [Int]
    /// From the start of the file; row-major, little endian.
    public let byteRange: Range<Int>
  }

  public let path: String
  /// The header's `__metadata__`, empty where there is none.
  public let metadata: [String: String]
  /// By name.
  public let entries: [String: Entry]
  private let base: UnsafeMutableRawPointer
  private let length: Int

  /// The longest header, in bytes, that is read: the limit of the reference implementation.
  static let longestHeader = 100_000_000

  /// - Throws: ``SafetensorsError``.
  public init(_ url: URL) throws {
    path = url.path
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw SafetensorsError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw SafetensorsError.unreadable(path: path, reason: "not a file")
    }
    length = Int(status.st_size)
    guard length >= 8 else {
      throw SafetensorsError.truncated(path: path, bytes: length, expected: 8)
    }
    guard let base = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw SafetensorsError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    do {
      let header = try SafetensorsHeader(UnsafeRawBufferPointer(start: base, count: length), path: path)
      metadata = header.metadata
      entries = header.entries
    } catch {
      munmap(base, length)
      throw error
    }
    self.base = base
  }

  deinit { munmap(base, length) }

  /// Calls `body` with a tensor's bytes as they lie in the file, valid during the call.
  ///
  /// - Throws: ``SafetensorsError/missing(path:name:)``, and what `body` throws.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard let range = entries[name]?.byteRange else {
      throw SafetensorsError.missing(path: path, name: name)
    }
    return try body(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// A copy of a tensor's bytes.
  public func bytes(of name: String) throws -> Data {
    try withBytes(of: name) { Data($0) }
  }
}
