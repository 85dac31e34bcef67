import Foundation

/// Reads decimal numbers out of bytes, correctly rounded.
enum DecimalNumber {
  /// Exact in a double, so that one multiplication or division rounds once.
  private static let powersOfTen: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]

  /// Reads `[+-]digits[.digits][e[+-]digits]` at `position` and moves it behind.
  ///
  /// - Parameter point: What stands before the fraction.
  /// - Returns: `nil` where there is no such number or it is beyond a double. NaN and infinity are no numbers.
  @inline(__always)
  static func parse(
    at position: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>, point: UInt8 = 0x2e
  ) -> Double? {
    let start = position
    var p = position
    let isNegative = takeSign(at: &p, before: end)
    var mantissa: UInt64 = 0
    let integerStart = p
    DecimalDigits.readFew(at: &p, before: end, into: &mantissa)
    var digits = p - integerStart
    if p == end || (p.pointee != point && p.pointee | 0x20 != 0x65), digits > 0, digits <= 15 {
      position = p
      return signed(Double(Int64(mantissa)), isNegative)
    }
    var exponent = 0
    if p < end, p.pointee == point {
      p += 1
      let fractionStart = p
      DecimalDigits.read(at: &p, from: start, before: end, into: &mantissa)
      exponent = fractionStart - p
      digits += p - fractionStart
    }
    guard digits > 0 else { return nil }
    if p < end, p.pointee | 0x20 == 0x65 {
      guard let written = parseExponent(at: &p, before: end) else { return nil }
      exponent += written
    }
    position = p
    if digits <= 19, let value = exactly(mantissa, exponent) { return signed(value, isNegative) }
    return slowly(UnsafeBufferPointer(start: start, count: p - start), point)
  }

  /// Moves behind a sign, and tells whether it is a minus. Signs follow no rule that a processor could foresee, so that nothing branches.
  @inline(__always)
  static func takeSign(at position: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>) -> Bool {
    guard position < end else { return false }
    let (isMinus, isPlus) = (position.pointee == 0x2d, position.pointee == 0x2b)
    position += (isMinus ? 1 : 0) + (isPlus ? 1 : 0)
    return isMinus
  }

  @inline(__always)
  private static func signed(_ value: Double, _ isNegative: Bool) -> Double {
    Double(bitPattern: value.bitPattern | (isNegative ? 1 << 63 : 0))
  }

  /// A whole number times a power of ten, rounded once; `nil` where that takes more than one multiplication or division.
  ///
  /// Below 2^53 and 10^22 both factors are exact (Clinger, "How to read floating point numbers accurately", 1990).
  @inline(__always)
  private static func exactly(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    guard -22...22 ~= exponent else { return nil }
    guard mantissa <= 1 << 53 else { return withLongDouble(mantissa, exponent) }
    // Of a signed number that is one instruction.
    let whole = Double(Int64(mantissa))
    return exponent < 0 ? whole / powersOfTen[-exponent] : whole * powersOfTen[exponent]
  }

  /// The same by numbers of 64 bits, in which any mantissa is exact. Rounding to 53 bits afterwards is as good as rounding once, unless the
  /// first rounding came to the very middle between two doubles.
  private static func withLongDouble(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    #if arch(x86_64)
      let power = Float80(powersOfTen[abs(exponent)])
      let value = exponent < 0 ? Float80(mantissa) / power : Float80(mantissa) * power
      return value.significandBitPattern & 0x7ff == 0x400 ? nil : Double(value)
    #else
      return nil
    #endif
  }

  /// Reads a text that is one number and nothing else.
  static func parse(_ text: Substring) -> Double? {
    var text = text
    return text.withUTF8 { bytes -> Double? in
      guard var position = bytes.baseAddress else { return nil }
      let end = position + bytes.count
      guard let value = parse(at: &position, before: end), position == end else { return nil }
      return value
    }
  }

  private static func parseExponent(
    at p: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>
  ) -> Int? {
    p += 1
    let isNegative = takeSign(at: &p, before: end)
    let start = p
    var value = 0
    while p < end, p.pointee &- 0x30 < 10 {
      value = min(value * 10 + Int(p.pointee &- 0x30), 100_000)
      p += 1
    }
    return p == start ? nil : isNegative ? -value : value
  }

  @inline(never)
  private static func slowly(_ text: UnsafeBufferPointer<UInt8>, _ point: UInt8) -> Double? {
    let text = text.map { $0 == point ? 0x2e : $0 }
    guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }
}
