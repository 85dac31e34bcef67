/// How a WFDB signal file stores its samples.
enum WFDBFormat: Int, CaseIterable {
  /// Nothing is stored: every sample is missing.
  case null = 0
  /// Differences from the sample before; the first from the header's initial value.
  case differences8 = 8
  case int16 = 16
  case int24 = 24
  case int32 = 32
  /// Big-endian.
  case int16Swapped = 61
  case offsetBinary8 = 80
  case offsetBinary16 = 160
  /// Two samples of 12 bits in three bytes.
  case packed12 = 212
  /// Three samples of 10 bits in two 16-bit words.
  case packed10 = 310
  /// Three samples of 10 bits in one 32-bit word.
  case packed10Word = 311
  /// FLAC of at most 8 bits.
  case flac8 = 508
  /// FLAC of at most 16 bits.
  case flac16 = 516
  /// FLAC of at most 24 bits.
  case flac24 = 524

  /// The most bits a sample where the file is FLAC; `nil` in other formats.
  var flacBits: Int? {
    switch self {
    case .flac8: 8
    case .flac16: 16
    case .flac24: 24
    default: nil
    }
  }

  /// The digital value that stands for a missing sample; `nil` where none does.
  var missing: Int32? {
    switch self {
    case .null, .differences8: nil
    case .int16, .int16Swapped, .offsetBinary16, .flac16: -32_768
    case .int24, .flac24: -8_388_608
    case .int32: .min
    case .offsetBinary8, .flac8: -128
    case .packed12: -2048
    case .packed10, .packed10Word: -512
    }
  }

  /// The least samples that are stored in whole bytes, and those bytes.
  var group: (samples: Int, bytes: Int) {
    switch self {
    case .null, .flac8, .flac16, .flac24: (1, 0)
    case .differences8, .offsetBinary8: (1, 1)
    case .int16, .int16Swapped, .offsetBinary16: (1, 2)
    case .int24: (1, 3)
    case .int32: (1, 4)
    case .packed12: (2, 3)
    case .packed10, .packed10Word: (3, 4)
    }
  }

  /// Bytes up to the end of so many samples.
  func byteCount(samples: Int) -> Int {
    let (whole, rest) = samples.quotientAndRemainder(dividingBy: group.samples)
    // Of one sample of three, and of one of two, two bytes; of two of three, three or, in format 310, four.
    let partial = [0, 2, self == .packed10 ? 4 : 3][rest]
    return whole * group.bytes + partial
  }

  /// Samples in so many bytes.
  func sampleCount(bytes: Int) -> Int {
    guard bytes > 0 else { return 0 }
    switch self {
    case .null, .flac8, .flac16, .flac24: return 0
    case .int16, .int16Swapped, .offsetBinary16: return bytes / 2
    case .int24: return bytes / 3
    case .int32: return bytes / 4
    case .differences8, .offsetBinary8: return bytes
    case .packed12: return bytes * 2 / 3
    case .packed10: return bytes / 4 * 3 + (bytes % 4 >= 2 ? 1 : 0)
    // One after the other from the lowest bit on: two bytes left over hold one, three hold two.
    case .packed10Word: return bytes / 4 * 3 + bytes % 4 * 8 / 10
    }
  }

  /// Calls `body` with the index and the digital value of each sample of one signal.
  ///
  /// - Parameters:
  ///   - frames: Frames to be read, of `perFrame` samples each.
  ///   - stride: Samples of all signals in a frame.
  ///   - first: Where in the bytes, counted in samples, the signal begins.
  ///   - previous: The sample before, of which differences are taken; the last one afterwards.
  @inline(__always)
  func forEachSample(
    _ bytes: UnsafeRawBufferPointer, frames: Int, perFrame: Int, stride: Int, first: Int, previous: inout Int32,
    _ body: (Int, Int32) -> Void
  ) {
    @inline(__always) func each(_ decode: (Int) -> Int32) {
      for frame in 0..<frames {
        let start = first + frame * stride
        for i in 0..<perFrame { body(frame * perFrame + i, decode(start + i)) }
      }
    }
    @inline(__always) func byte(_ at: Int) -> Int32 { Int32(bytes[at]) }
    switch self {
    case .null, .flac8, .flac16, .flac24: break
    case .differences8:
      var sum = previous
      each { at in
        sum &+= Int32(Int8(bitPattern: bytes[at]))
        return sum
      }
      previous = sum
    case .int16:
      each { Int32(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))) }
    case .int16Swapped:
      each { Int32(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))) }
    case .offsetBinary16:
      each { Int32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))) - 32_768 }
    case .int24:
      each { byte(3 * $0) | byte(3 * $0 + 1) << 8 | Int32(Int8(bitPattern: bytes[3 * $0 + 2])) << 16 }
    case .int32:
      each { Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) }
    case .offsetBinary8:
      each { byte($0) - 128 }
    case .packed12:
      each { at in
        let base = at / 2 * 3
        let value =
          at & 1 == 0 ? byte(base) | (byte(base + 1) & 0x0f) << 8 : byte(base + 2) | (byte(base + 1) & 0xf0) << 4
        return signed(value, bits: 12)
      }
    case .packed10:
      each { at in
        let base = at / 3 * 4
        let value =
          switch at % 3 {
          case 0: byte(base) >> 1 | (byte(base + 1) & 0x07) << 7
          case 1: byte(base + 2) >> 1 | (byte(base + 3) & 0x07) << 7
          default: byte(base + 1) >> 3 | (byte(base + 3) >> 3) << 5
          }
        return signed(value, bits: 10)
      }
    case .packed10Word:
      each { at in
        let base = at / 3 * 4
        let value =
          switch at % 3 {
          case 0: byte(base) | (byte(base + 1) & 0x03) << 8
          case 1: byte(base + 1) >> 2 | (byte(base + 2) & 0x0f) << 6
          default: byte(base + 2) >> 4 | (byte(base + 3) & 0x3f) << 4
          }
        return signed(value, bits: 10)
      }
    }
  }
}

/// The two's complement of the low bits.
@inline(__always)
private func signed(_ value: Int32, bits: Int32) -> Int32 {
  (value << (32 - bits)) >> (32 - bits)
}
