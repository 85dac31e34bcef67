import Files
public import Foundation

/// A [safetensors](https://huggingface.co/docs/safetensors) file: named tensors, read when they are asked for, and string metadata.
///
/// The whole header is checked when the file is opened: every tensor lies within the file, and together they cover it.
public final class SafetensorsFile: Sendable {
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
  private let file: InputFile

  /// The longest header, in bytes, that is read: the limit of the reference implementation.
  static let longestHeader = 100_000_000

  /// - Throws: ``SafetensorsError``.
  public init(_ url: URL) throws {
    let path = url.path
    self.path = path
    let file = try Self.reading(path) { () throws(InputError) in try InputFile(url) }
    guard file.size >= 8 else { throw SafetensorsError.truncated(path: path, bytes: file.size, expected: 8) }
    var head = try Self.reading(path) { () throws(InputError) in try file.bytes(0..<8) }
    let length = head.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    if length <= Self.longestHeader, file.size - 8 >= Int(length) {
      head = try Self.reading(path) { () throws(InputError) in try file.bytes(0..<8 + Int(length)) }
    }
    let header = try head.withUnsafeBytes { try SafetensorsHeader($0, fileBytes: file.size, path: path) }
    metadata = header.metadata
    entries = header.entries
    self.file = file
  }

  private static func reading<Result>(
    _ path: String, _ body: () throws(InputError) -> Result
  ) throws(SafetensorsError) -> Result {
    do { return try body() } catch { throw .unreadable(path: path, reason: "found \(error.found)") }
  }

  /// Calls `body` with a copy of a tensor's bytes, valid during the call.
  ///
  /// - Throws: ``SafetensorsError/missing(path:name:)``, and what `body` throws.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard let range = entries[name]?.byteRange else {
      throw SafetensorsError.missing(path: path, name: name)
    }
    let bytes = try Self.reading(path) { () throws(InputError) in try file.bytes(range) }
    return try bytes.withUnsafeBytes(body)
  }

  /// A copy of a tensor's bytes.
  public func bytes(of name: String) throws -> Data {
    try withBytes(of: name) { Data($0) }
  }
}
