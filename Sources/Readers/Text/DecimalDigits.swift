/// Reads runs of decimal digits out of bytes.
enum DecimalDigits {
  /// Reads the digits at `position`, eight at a time, and moves it behind them.
  ///
  /// - Parameters:
  ///   - start: A place at or before `position`: what stands from there to `end` may be looked at.
  ///   - value: Comes to have them behind its own digits; it wraps around where they are more than 19.
  @inline(__always)
  static func read(
    at position: inout UnsafePointer<UInt8>, from start: UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>,
    into value: inout UInt64
  ) {
    guard end - start >= 8 else { return readFew(at: &position, before: end, into: &value) }
    while true {
      // A byte that is a digit becomes its number. One that is none, and there are such behind the end, has one of the upper four bits, or
      // gets it when 6 is added; what that carries goes into later bytes alone.
      let digits = word(at: position, before: end) ^ 0x3030_3030_3030_3030
      let others = (digits | digits &+ 0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0
      guard others != 0 else {
        value = value &* 100_000_000 &+ number(digits)
        position += 8
        continue
      }
      let count = others.trailingZeroBitCount / 8
      // Zeros come before the digits in place of what stands behind them.
      value = value &* powersOfTen[count] &+ number(digits << UInt64(64 - 8 * count))
      position += count
      return
    }
  }

  private static let powersOfTen: InlineArray<8, UInt64> = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000,
  ]

  /// Eight bytes, the first in the lowest, with zeros behind the end.
  ///
  /// - Precondition: Before the end are eight bytes or more.
  @inline(__always)
  private static func word(at position: UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>) -> UInt64 {
    let beyond = max(0, 8 - (end - position))
    let word = UnsafeRawPointer(position - beyond).loadUnaligned(as: UInt64.self)
    return UInt64(littleEndian: word) >> UInt64(8 * beyond)
  }

  /// The number that eight digits make, a byte each, the first in the lowest: by pairs, fours, and both of these.
  @inline(__always)
  private static func number(_ digits: UInt64) -> UInt64 {
    let pairs = (digits &* (1 + 10 << 8)) >> 8 & 0x00ff_00ff_00ff_00ff
    let fours = (pairs &* (1 + 100 << 16)) >> 16 & 0x0000_ffff_0000_ffff
    return (fours &* (1 + 10_000 << 32)) >> 32
  }

  /// Reads the digits at `position`, most often one or two, and moves it behind them.
  @inline(__always)
  static func readFew(
    at position: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>, into value: inout UInt64
  ) {
    while position < end, position.pointee &- 0x30 < 10 {
      value = value &* 10 &+ UInt64(position.pointee &- 0x30)
      position += 1
    }
  }
}
