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
  private var width = Width.bytes
  private var offset = 0
  /// The first half of a character of two units of UTF-16.
  private var highHalf: UInt32?
  private var raw: [UInt8] = []

  /// Whether it is UTF-16 without a mark that says so.
  private(set) var isUnmarked = false

  /// - Throws: ``ReadError`` for what is no file, and an empty one.
  init(_ url: URL) throws {
    self.url = url
    file = try RawFile(url, expected: "a table of samples")
    let first = try file.bytes(0..<min(4, file.size))
    switch (first.first, first.dropFirst().first) {
    case (0xff, 0xfe): (width, offset) = (.units(lowFirst: true), 2)
    case (0xfe, 0xff): (width, offset) = (.units(lowFirst: false), 2)
    case (0xef, 0xbb) where first.dropFirst(2).first == 0xbf: offset = 3
    default:
      guard first.count == 4, file.size % 2 == 0 else { break }
      let zeros = first.map { $0 == 0 }
      if zeros == [false, true, false, true] { (width, isUnmarked) = (.units(lowFirst: true), true) }
      if zeros == [true, false, true, false] { (width, isUnmarked) = (.units(lowFirst: false), true) }
    }
  }

  /// Bytes of the file, for a guess at how many rows it has.
  var size: Int { file.size }

  /// Fills the start of a buffer of at least 64 bytes.
  ///
  /// - Returns: How many bytes were put there; 0 at the end.
  /// - Throws: ``ReadError`` where the file has become shorter.
  mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    switch width {
    case .bytes:
      let count = min(buffer.count, file.size - offset)
      guard count > 0 else { return 0 }
      try file.read(
        at: offset, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
      offset += count
      return count
    case .units(let lowFirst):
      // A unit becomes three bytes at most; where a piece holds but the first half of a character, the next is asked for.
      while true {
        let count = min(buffer.count / 3 / 2 * 2, (file.size - offset) & ~1)
        guard count > 0 else { return 0 }
        raw = try file.bytes(offset..<offset + count)
        offset += count
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
