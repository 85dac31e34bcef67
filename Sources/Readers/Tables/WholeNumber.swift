/// Reads numbers so that their whole part is exact, also where it has more digits than a double keeps: nanoseconds since 1970.
enum WholeNumber {
  /// - Returns: The whole part, what is beyond it, and the digits of its fraction; `nil` for what is no number of that form, or a larger
  ///   one.
  static func parse(_ text: UnsafeBufferPointer<UInt8>, point: UInt8) -> (whole: Int64, fraction: Double, digits: Int)?
  {
    var place = 0
    var isNegative = false
    if let first = text.first, first == 0x2d || first == 0x2b {
      isNegative = first == 0x2d
      place = 1
    }
    let start = place
    var whole: Int64 = 0
    while place < text.count, text[place] &- 0x30 < 10 {
      guard place - start < 18 || (place - start == 18 && whole < 900_000_000_000_000_000) else { return nil }
      whole = whole * 10 + Int64(text[place] &- 0x30)
      place += 1
    }
    guard place > start else { return nil }
    var (fraction, digits) = (0.0, 0)
    if place < text.count, text[place] == point {
      place += 1
      var (mantissa, scale) = (0.0, 1.0)
      while place < text.count, text[place] &- 0x30 < 10 {
        if digits < 15 {
          mantissa = mantissa * 10 + Double(text[place] &- 0x30)
          scale *= 10
          digits += 1
        }
        place += 1
      }
      fraction = mantissa / scale
    }
    guard place == text.count else { return nil }
    return isNegative ? (-whole, -fraction, digits) : (whole, fraction, digits)
  }
}
