import Files
import Foundation

/// A raw file as a reader opens it: its errors are in this module's words.
struct RawFile: Sendable {
  let url: URL
  /// What the file should be, for messages: `an EDF or BDF file`.
  let kind: String
  private let file: InputFile

  /// The most bytes of a file that tells about a recording and holds none of its signals: labels, a header, a table. A night's are below 1 MB;
  /// what is read of them takes many times their size.
  static let mostBytesBesideSignals = 16 << 20

  /// - Throws: ``ReadError`` when there is no such file, it is a folder, a pipe or empty, or it cannot be opened.
  init(_ url: URL, expected kind: String) throws(ReadError) {
    self.url = url
    self.kind = kind
    do { file = try InputFile(url) } catch { throw ReadError(url, found: error.found, expected: kind) }
    guard file.size > 0 else { throw ReadError(url, found: "an empty file", expected: kind) }
  }

  /// Bytes of the file.
  var size: Int { file.size }

  /// A copy of some of its bytes.
  ///
  /// - Throws: ``ReadError`` where the file has become shorter.
  func bytes(_ range: Range<Int>) throws(ReadError) -> [UInt8] {
    do { return try file.bytes(range) } catch { throw ReadError(url, found: error.found, expected: kind) }
  }

  /// A copy of all of it.
  ///
  /// - Throws: ``ReadError`` where it has more bytes than `limit`.
  func bytes(atMost limit: Int = .max) throws(ReadError) -> [UInt8] {
    do { return try file.bytes(atMost: limit) } catch { throw ReadError(url, found: error.found, expected: kind) }
  }

  /// A copy of all of it, decompressed where it is a gzip file, whatever its name.
  ///
  /// - Parameter limit: The most bytes that may come of it.
  /// - Throws: ``ReadError`` where more would, and where it is damaged.
  func unpackedBytes(atMost limit: Int = InputFile.mostExpanded) throws(ReadError) -> [UInt8] {
    do {
      return try file.isGzip() ? file.gunzipped(atMost: limit) : file.bytes(atMost: limit)
    } catch { throw ReadError(url, found: error.found, expected: kind) }
  }

  /// What decompresses it piece by piece; `nil` where it is no gzip file, whatever its name.
  ///
  /// - Throws: ``ReadError`` where it cannot be read.
  func gzipReader() throws(ReadError) -> GzipReader? {
    do { return try file.isGzip() ? GzipReader(file) : nil } catch {
      throw ReadError(url, found: error.found, expected: kind)
    }
  }

  /// The next piece of its content.
  ///
  /// - Returns: How many bytes were put there; 0 at the end.
  /// - Throws: ``ReadError`` where it is damaged.
  func unpack(_ gzip: GzipReader, into buffer: UnsafeMutableBufferPointer<UInt8>) throws(ReadError) -> Int {
    do { return try gzip.read(into: buffer) } catch { throw ReadError(url, found: error.found, expected: kind) }
  }

  /// - Throws: ``ReadError`` where so many samples have no room in memory, as those of a file of nothing but a great length.
  static func expectRoom(for samples: Int, _ url: URL) throws(ReadError) {
    guard samples > InputFile.memory / MemoryLayout<Float>.size else { return }
    throw ReadError(
      url, found: "\(samples) samples in a channel, which the memory of this machine does not hold",
      expected: "a recording of some nights at most: cut it")
  }

  /// Fills a buffer with what the file holds from a byte on.
  ///
  /// - Throws: ``ReadError`` where the file has become shorter.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) {
    do { try file.read(at: offset, into: buffer) } catch { throw ReadError(url, found: error.found, expected: kind) }
  }
}
