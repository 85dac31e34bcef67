/// A number whose whole part is exact, also where it has more digits than a double keeps: nanoseconds since 1970.
struct WholeNumber {
  let whole: Int64
  /// What is beyond the whole part; of the same sign.
  let fraction: Double
  /// Digits of the fraction that are kept.
  let digits: Int

  private static let largest: UInt64 = 9_000_000_000_000_000_000
  private static let mostDigits = 15
  private static let powersOfTen: InlineArray<16, Double> = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// Reads `[+-]digits[.digits]` at `position` and moves it behind.
  ///
  /// - Parameter point: What stands before the fraction.
  /// - Returns: `nil` where there is no such number, or a larger one.
  @inline(__always)
  init?(at position: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>, point: UInt8) {
    let start = position
    var p = position
    let isNegative = DecimalNumber.takeSign(at: &p, before: end)
    let first = p
    var whole: UInt64 = 0
    DecimalDigits.readFew(at: &p, before: end, into: &whole)
    guard 1...18 ~= p - first || (p - first == 19 && whole < Self.largest) else { return nil }
    var (fraction, digits) = (0.0, 0)
    if p < end, p.pointee == point {
      p += 1
      (fraction, digits) = Self.readFraction(at: &p, from: start, before: end)
    }
    position = p
    (self.whole, self.fraction) = isNegative ? (-Int64(whole), -fraction) : (Int64(whole), fraction)
    self.digits = digits
  }

  /// Reads the digits behind the point and moves `position` behind them.
  @inline(__always)
  private static func readFraction(
    at position: inout UnsafePointer<UInt8>, from start: UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>
  ) -> (value: Double, digits: Int) {
    var first = position
    var value: UInt64 = 0
    DecimalDigits.read(at: &position, from: start, before: end, into: &value)
    let digits = min(position - first, mostDigits)
    if position - first > mostDigits {
      value = 0
      DecimalDigits.read(at: &first, from: start, before: first + mostDigits, into: &value)
    }
    // Both are exact, so that the division rounds once.
    return (Double(Int64(value)) / powersOfTen[digits], digits)
  }
}
