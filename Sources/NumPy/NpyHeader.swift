import Files
public import Foundation

/// The header of a `.npy` file: the element type, as NumPy writes it, and the shape.
public struct NpyHeader: Hashable, Sendable {
  public let descriptor: String
  public let shape: [Int]
  /// Whether the first axis varies fastest, as in Fortran.
  public let isColumnMajor: Bool

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  public init(descriptor: String, shape: [Int], isColumnMajor: Bool = false) {
    self.descriptor = descriptor
    self.shape = shape
    self.isColumnMajor = isColumnMajor
  }

  /// Bytes of one element.
  public var elementSize: Int? {
    guard let size = Int(descriptor.dropFirst(2)), (1...1 << 20).contains(size) else { return nil }
    return descriptor.dropFirst().first == "U" ? 4 * size : size
  }

  /// The header's bytes, padded so that the values after it are aligned to 64.
  ///
  /// - Parameter length: Pads to at least so many bytes, a multiple of 64, so that a header can be rewritten in place.
  public func encoded(length minimum: Int = 64) -> Data {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(descriptor)', 'fortran_order': \(isColumnMajor ? "True" : "False"), 'shape': (\(sizes)), }"
    let unpadded = Self.magic.count + 4 + text.utf8.count + 1
    let padded = max(minimum, (unpadded + 63) / 64 * 64)
    text += String(repeating: " ", count: padded - unpadded) + "\n"
    let length = UInt16(text.utf8.count)
    return Data(Self.magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)]) + Data(text.utf8)
  }

  /// Elements in the whole array.
  public var count: Int { shape.reduce(1, *) }

  /// The longest header that is read, in bytes: those of arrays of numbers have some hundred.
  private static let longest = 65_536
  /// NumPy itself makes no arrays of more axes.
  private static let mostAxes = 64
  /// The most elements, sides of 0 left out: every product of sides, and of them with an element's size, has room in 64 bits.
  private static let mostElements = 1 << 40

  /// Bytes that hold the header of any array that is read.
  public static let room = longest + 12

  /// Reads the header at the start of a file's content.
  ///
  /// - Parameters:
  ///   - beginning: The first ``room`` bytes of it, or all of it.
  ///   - path: The file, for messages.
  /// - Throws: ``NpyError`` where it is no header.
  public init(beginning: [UInt8], path: String) throws(NpyError) {
    (self, _) = try Self.read(path: path, size: beginning.count) { beginning[$0] }
  }

  /// Reads the header at the start of a file.
  ///
  /// - Returns: The header and the offset of the first value.
  static func read(
    path: String, size: Int, _ bytes: (Range<Int>) throws(NpyError) -> ArraySlice<UInt8>
  ) throws(NpyError) -> (NpyHeader, Int) {
    func malformed(_ found: String) -> NpyError { .malformed(path: path, found: found) }
    guard size > 0 else { throw malformed("an empty file") }
    let head = try bytes(0..<min(size, 12))
    guard head.count >= 10, head.starts(with: magic) else { throw malformed("no NumPy signature") }
    let start = head[6] >= 2 ? 12 : 10
    guard head.count >= start else { throw malformed("a header cut short") }
    let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(head[$1]) }
    guard size - start >= length else { throw malformed("a header cut short") }
    guard length <= longest else { throw malformed("a header of \(length) bytes") }
    let text = String(decoding: try bytes(start..<(start + length)), as: UTF8.self)
    let fields = HeaderFields(text)
    guard let descriptor = fields.text("descr"), let order = fields.word("fortran_order"),
      ["True", "False"].contains(order), let sizes = fields.tuple("shape")
    else {
      throw malformed("the header '\(text.prefix(80))'")
    }
    let sides = sizes.split(separator: ",").prefix(mostAxes + 1).compactMap { side in
      Int(side.filter { $0 != " " && $0 != "L" })
    }
    let places = sides.reduce(1) { $0.multipliedReportingOverflow(by: max($1, 1)).overflow ? .max : $0 * max($1, 1) }
    guard sides.count == sizes.split(separator: ",").count, sides.count <= mostAxes, sides.allSatisfy({ $0 >= 0 }),
      places <= mostElements
    else { throw malformed("the shape (\(sizes.prefix(80)))") }
    let header = NpyHeader(
      descriptor: descriptor, shape: sides, isColumnMajor: order == "True" && sides.count > 1)
    return (header, start + length)
  }
}

/// The values of a Python dictionary's text, in one pass a key.
private struct HeaderFields {
  private let text: Substring

  /// NumPy's own headers have less than a thousand bytes, but for arrays of many named fields, which are not read.
  init(_ text: String) { self.text = text.prefix(10_000) }

  /// What is in quotes after a key.
  func text(_ key: String) -> String? { value(key, from: "'", to: "'") }
  /// What is in parentheses after a key.
  func tuple(_ key: String) -> String? { value(key, from: "(", to: ")") }
  /// The letters after a key.
  func word(_ key: String) -> String? {
    guard let rest = rest(after: key) else { return nil }
    return String(rest.prefix(while: \.isLetter))
  }

  private func value(_ key: String, from first: Character, to last: Character) -> String? {
    guard let rest = rest(after: key), rest.first == first, let end = rest.dropFirst().firstIndex(of: last) else {
      return nil
    }
    return String(rest.dropFirst()[..<end])
  }

  private func rest(after key: String) -> Substring? {
    guard let range = text.range(of: "'\(key)':") else { return nil }
    return text[range.upperBound...].drop { $0 == " " }
  }
}
