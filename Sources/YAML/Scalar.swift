/// A single value of a document, resolved by the core schema of YAML 1.2: `yes` and `12:30` are text.
public struct Scalar: Sendable, Equatable {
  /// Without its quotes.
  public let text: String
  /// Quoted and block scalars are text, whatever they look like.
  public let isQuoted: Bool

  /// - Parameter isQuoted: Whether it is text, whatever it looks like.
  public init(_ text: String, isQuoted: Bool = false) {
    self.text = text
    self.isQuoted = isQuoted
  }

  /// Equal text of one kind: `'1'` is not `1`; all nulls are equal.
  public static func == (left: Scalar, right: Scalar) -> Bool {
    left.isNull && right.isNull || left.text == right.text && left.resolvesToText == right.resolvesToText
  }

  /// `null`, `Null`, `NULL`, `~` or nothing, unquoted.
  public var isNull: Bool { !isQuoted && ["", "~", "null", "Null", "NULL"].contains(text) }

  /// The truth value; `nil` where it is none.
  public var bool: Bool? {
    guard !isQuoted else { return nil }
    return switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// A whole number as the core schema writes it: `12`, `-3`, `0o17`, `0xff`. Says nothing of its size.
  var isInteger: Bool { !isQuoted && digits != nil }

  /// The number, where it is whole and fits.
  func integer<Integer: FixedWidthInteger>(as type: Integer.Type) -> Integer? {
    guard !isQuoted, let (digits, radix) = digits else { return nil }
    return Integer(digits, radix: radix)
  }

  private var digits: (Substring, radix: Int)? {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
      let digits = text.dropFirst(2)
      let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { isDigit($0, radix: radix) }
      return isNumber ? (digits, radix) : nil
    }
    let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !unsigned.isEmpty, unsigned.utf8.allSatisfy({ isDigit($0, radix: 10) }) else { return nil }
    return (text[...], 10)
  }

  /// A number as the core schema writes it: an integer, `0.5`, `.5`, `1e-3`, `.inf`, `.nan`. Says nothing of its size.
  var isNumber: Bool { isInteger || !isQuoted && (nonFinite != nil || isDecimal) }

  /// The number as a floating-point value; infinite where it is too large.
  func floatingPoint<Number: BinaryFloatingPoint & LosslessStringConvertible>(as type: Number.Type) -> Number? {
    guard !isQuoted else { return nil }
    if let nonFinite { return Number(nonFinite) }
    if let (digits, radix) = digits, radix != 10 { return UInt64(digits, radix: radix).map { Number($0) } }
    return isNumber ? Number(text) : nil
  }

  /// Whether it was written as `.inf` or `.nan`, not as a number that came to that.
  var nonFinite: Double? {
    let sign: Double = text.hasPrefix("-") ? -1 : 1
    let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    if [".inf", ".Inf", ".INF"].contains(unsigned) { return sign * .infinity }
    return [".nan", ".NaN", ".NAN"].contains(text) ? .nan : nil
  }

  private var isDecimal: Bool {
    var rest = text.utf8[...]
    func skipSign() {
      if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    }
    func skipDigits() -> Int {
      let digits = rest.prefix { isDigit($0, radix: 10) }.count
      rest = rest.dropFirst(digits)
      return digits
    }
    skipSign()
    var digits = skipDigits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      digits += skipDigits()
    }
    guard digits > 0 else { return false }
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      skipSign()
      guard skipDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// Whether it is text and nothing else.
  var resolvesToText: Bool { isQuoted || !(isNull || bool != nil || isNumber) }

  /// The text cut to the length of an error message, on one line.
  var excerpt: String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > 60 || line.count < text.count ? "\(line.prefix(60))..." : line
  }
}

private func isDigit(_ byte: UInt8, radix: Int) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) < radix
  case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
  default: false
  }
}
