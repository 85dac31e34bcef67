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
    var isNegative = false
    if p < end, p.pointee == 0x2d || p.pointee == 0x2b {
      isNegative = p.pointee == 0x2d
      p += 1
    }
    var mantissa: UInt64 = 0
    let integerStart = p
    while p < end {
      let digit = p.pointee &- 0x30
      guard digit < 10 else { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      p += 1
    }
    var digits = p - integerStart
    if p == end || (p.pointee != point && p.pointee | 0x20 != 0x65), digits > 0, digits <= 15 {
      position = p
      return isNegative ? -Double(mantissa) : Double(mantissa)
    }
    var exponent = 0
    if p < end, p.pointee == point {
      p += 1
      let fractionStart = p
      while p < end {
        let digit = p.pointee &- 0x30
        guard digit < 10 else { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        p += 1
      }
      exponent = fractionStart - p
      digits += p - fractionStart
    }
    guard digits > 0 else { return nil }
    if p < end, p.pointee | 0x20 == 0x65 {
      guard let written = parseExponent(at: &p, before: end) else { return nil }
      exponent += written
    }
    position = p
    // Below 2^53 and 10^22 both factors are exact (Clinger, "How to read floating point numbers accurately", 1990).
    if digits <= 19, mantissa <= 1 << 53, -22...22 ~= exponent {
      let value =
        exponent < 0 ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
      return isNegative ? -value : value
    }
    return slowly(UnsafeBufferPointer(start: start, count: p - start), point)
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
    var isNegative = false
    if p < end, p.pointee == 0x2d || p.pointee == 0x2b {
      isNegative = p.pointee == 0x2d
      p += 1
    }
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
