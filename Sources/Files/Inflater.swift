import CZlib

/// Decompresses a stream of deflate (RFC 1951), piece by piece, with zlib.
final class Inflater {
  enum Wrapping: Int32 {
    /// Bare deflate, as in zip files.
    case none = -15
    /// With zlib's header and check sum (RFC 1950).
    case zlib = 15
    /// With gzip's header and check sum (RFC 1952).
    case gzip = 31
  }

  /// What one piece led to.
  enum Progress {
    /// The input is used up, or the room is.
    case more
    /// The stream has ended, and its check sum is right.
    case ended
  }

  /// zlib keeps the address of its stream, so that it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  init(_ wrapping: Wrapping) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isReady =
      inflateInit2_(stream, wrapping.rawValue, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
  }

  /// Begins again with another stream of the same kind.
  func restart() { if isReady { inflateReset(stream) } }

  /// Decompresses from a buffer into another, which must both hold something.
  ///
  /// - Returns: How many bytes were taken and given; `nil` where they are damaged.
  func inflate(
    _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> (taken: Int, given: Int, progress: Progress)? {
    guard isReady else { return nil }
    let (inputCount, outputCount) = (min(input.count, 1 << 30), min(output.count, 1 << 30))
    // zlib does not write to its input.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    stream.pointee.avail_in = UInt32(inputCount)
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = UInt32(outputCount)
    let code = CZlib.inflate(stream, Z_NO_FLUSH)
    let taken = inputCount - Int(stream.pointee.avail_in)
    let given = outputCount - Int(stream.pointee.avail_out)
    switch code {
    case Z_STREAM_END: return (taken, given, .ended)
    case Z_OK, Z_BUF_ERROR: return (taken, given, .more)
    default: return nil
    }
  }
}
