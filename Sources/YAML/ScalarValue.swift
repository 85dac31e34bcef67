import SleepCore

/// A type that is one scalar of a document.
protocol ScalarValue {
  /// What a document should hold, in the words of an error message.
  static var expected: String { get }

  /// - Returns: `nil` where the scalar is of another kind.
  /// - Throws: ``OutOfRange`` where it is of this kind and does not fit.
  static func read(_ scalar: Scalar) throws(OutOfRange) -> Self?

  var scalar: Scalar { get }

  /// Its value, where it is a number.
  var number: Double? { get }
}

/// What would have fitted, in the words of an error message.
struct OutOfRange: Error { let expected: String }

extension ScalarValue {
  var number: Double? { nil }

  init(_ node: Node, name: String, range: NumberRange?) throws {
    func refusal(_ expected: String) -> YAMLError {
      if let range, case .scalar(let scalar) = node.value, scalar.isNumber {
        return .misfit(at: node.origin, name: name, found: scalar.excerpt, expected: range.words)
      }
      return .wrongType(at: node.origin, name: name, found: node.inWords, expected: range?.words ?? expected)
    }
    guard case .scalar(let scalar) = node.value else { throw refusal(Self.expected) }
    let read: Self?
    do throws(OutOfRange) { read = try Self.read(scalar) } catch { throw refusal(error.expected) }
    guard let read else { throw refusal(Self.expected) }
    if let range, let number = read.number, !range.contains(number) { throw refusal(Self.expected) }
    self = read
  }
}

extension Bool: ScalarValue {
  static var expected: String { "true or false" }
  static func read(_ scalar: Scalar) throws(OutOfRange) -> Bool? { scalar.bool }
  var scalar: Scalar { Scalar(self ? "true" : "false") }
}

extension String: ScalarValue {
  static var expected: String { "text" }
  static func read(_ scalar: Scalar) throws(OutOfRange) -> String? { scalar.isNull ? nil : scalar.text }
  var scalar: Scalar { Scalar(self, isQuoted: !Scalar(self).resolvesToText) }
}

extension ScalarValue where Self: FixedWidthInteger {
  static var expected: String { "a whole number" }

  static func read(_ scalar: Scalar) throws(OutOfRange) -> Self? {
    guard scalar.isInteger else { return nil }
    guard let value = scalar.integer(as: Self.self) else {
      throw OutOfRange(expected: "a whole number from \(min) to \(max)")
    }
    return value
  }

  var scalar: Scalar { Scalar(description) }
  var number: Double? { Double(self) }
}

extension Int: ScalarValue {}
extension Int8: ScalarValue {}
extension Int16: ScalarValue {}
extension Int32: ScalarValue {}
extension Int64: ScalarValue {}
extension UInt: ScalarValue {}
extension UInt8: ScalarValue {}
extension UInt16: ScalarValue {}
extension UInt32: ScalarValue {}
extension UInt64: ScalarValue {}

extension ScalarValue where Self: BinaryFloatingPoint & LosslessStringConvertible {
  static var expected: String { "a number" }

  static func read(_ scalar: Scalar) throws(OutOfRange) -> Self? {
    guard scalar.isNumber else { return nil }
    guard let value = scalar.floatingPoint(as: Self.self), value.isFinite || scalar.nonFinite != nil else {
      throw OutOfRange(expected: "a number from \(-greatestFiniteMagnitude) to \(greatestFiniteMagnitude)")
    }
    return value
  }

  var scalar: Scalar {
    Scalar(isNaN ? ".nan" : isInfinite ? (self < 0 ? "-.inf" : ".inf") : description)
  }

  var number: Double? { Double(self) }
}

extension Float: ScalarValue {}
extension Double: ScalarValue {}
