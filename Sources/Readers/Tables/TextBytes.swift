import Files
import Foundation

/// The bytes of a text file in order, piece by piece, as UTF-8 or as whatever its letters are written in.
///
/// A mark (BOM) is skipped. UTF-16 becomes UTF-8, also where only its zeros tell it.
struct TextBytes {
  private enum Width {
    case bytes
    case units(lowFirst: Bool)
  }

  let url: URL
  private let file: RawFile
  /// `nil` where the file is not compressed.
  private let gzip: GzipReader?
  private var width = Width.bytes
  private var offset = 0
  /// Bytes that were read to tell what the letters are written in.
  private var ahead: [UInt8] = []
  /// The first half of a character of two units of UTF-16.
  private var highHalf: UInt32?
  private var raw: [UInt8] = []

  /// Whether it is UTF-16 without a mark that says so.
  private(set) var isUnmarked = false

  /// - Throws: ``ReadError`` for what is no file, and an empty one.
  init(_ url: URL) throws {
    self.url = url
    file = try RawFile(url, expected: "a table of samples")
    gzip = try file.gzipReader()
    while ahead.count < 4, case let more = try bytes(4 - ahead.count), !more.isEmpty { ahead += more }
    let first = ahead
    switch (first.first, first.dropFirst().first) {
    case (0xff, 0xfe): (width, ahead) = (.units(lowFirst: true), Array(first[2...]))
    case (0xfe, 0xff): (width, ahead) = (.units(lowFirst: false), Array(first[2...]))
    case (0xef, 0xbb) where first.dropFirst(2).first == 0xbf: ahead = Array(first[3...])
    default:
      guard first.count == 4 else { break }
      let zeros = first.map { $0 == 0 }
      if zeros == [false, true, false, true] { (width, isUnmarked) = (.units(lowFirst: true), true) }
      if zeros == [true, false, true, false] { (width, isUnmarked) = (.units(lowFirst: false), true) }
    }
  }

  /// The next bytes as the file has them, at most so many; none at its end.
  private mutating func bytes(_ count: Int) throws -> [UInt8] {
    if let gzip {
      return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = try file.unpack(gzip, into: buffer)
      }
    }
    let range = offset..<min(offset + count, file.size)
    offset = range.upperBound
    return try file.bytes(range)
  }

  /// Bytes of the text, roughly, for a guess at how many rows it has.
  var size: Int { gzip == nil ? file.size : file.size * 6 }

  /// Fills the start of a buffer of at least 64 bytes.
  ///
  /// - Returns: How many bytes were put there; 0 at the end.
  /// - Throws: ``ReadError`` where the file has become shorter.
  mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    switch width {
    case .bytes:
      guard ahead.isEmpty else {
        let count = ahead.count
        _ = buffer.update(fromContentsOf: ahead)
        ahead = []
        return count
      }
      if let gzip { return try file.unpack(gzip, into: buffer) }
      let count = min(buffer.count, file.size - offset)
      guard count > 0 else { return 0 }
      try file.read(
        at: offset, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
      offset += count
      return count
    case .units(let lowFirst):
      // A unit becomes three bytes at most; where a piece holds but the first half of a character, the next is asked for.
      while true {
        let more = try bytes(buffer.count / 3 - 4)
        raw = ahead + more
        guard raw.count > 1 else { return 0 }
        ahead = raw.count % 2 == 1 ? [raw.removeLast()] : []
        let written = decode(lowFirst: lowFirst, into: buffer)
        if written > 0 { return written }
      }
    }
  }

  private mutating func decode(lowFirst: Bool, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var written = 0
    func put(_ scalar: UInt32) {
      let scalar = Unicode.Scalar(scalar) ?? "\u{fffd}"
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        buffer[written] = byte
        written += 1
      }
    }
    for index in stride(from: 0, to: raw.count, by: 2) {
      let (first, second) = (UInt32(raw[index]), UInt32(raw[index + 1]))
      let unit = lowFirst ? first | second << 8 : first << 8 | second
      if let high = highHalf {
        highHalf = nil
        if 0xdc00...0xdfff ~= unit {
          put(0x10000 + (high - 0xd800) << 10 + (unit - 0xdc00))
          continue
        }
        put(0xfffd)
      }
      if 0xd800...0xdbff ~= unit { highHalf = unit } else { put(unit) }
    }
    return written
  }
}
