import Foundation

/// The text fields of an EDF header, one after the other.
struct EDFHeaderFields {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The next field of `width` bytes without surrounding spaces, up to its first NUL.
  ///
  /// - Precondition: The bytes are there.
  mutating func text(_ width: Int) -> String {
    let field = bytes[position..<position + width].prefix { $0 != 0 }
    position += width
    return decodedText(field).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The next field of each of `count` channels.
  mutating func texts(_ width: Int, count: Int) -> [String] {
    (0..<count).map { _ in text(width) }
  }
}

/// UTF-8 where the bytes are valid, else Latin-1, in which every byte is a character.
func decodedText(_ bytes: some Sequence<UInt8>) -> String {
  let bytes = Array(bytes)
  return String(validating: bytes, as: UTF8.self)
    ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}

extension String {
  /// A number as EDF headers hold it, also with a decimal comma; `nil` where it is none or not finite.
  var headerNumber: Double? {
    guard let value = Double(replacingOccurrences(of: ",", with: ".")), value.isFinite else { return nil }
    return value
  }

  /// A whole number, also written `5.0`.
  var headerInteger: Int? { headerNumber.flatMap { Int(exactly: $0) } }
}
