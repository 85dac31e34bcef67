import Foundation
import NumPy

/// A `.npy` file as a reader sees it: its errors are in this module's words.
struct ArrayFile {
  let url: URL
  private let file: NpyFile

  var shape: [Int] { file.header.shape }

  init(_ url: URL) throws {
    self.url = url
    file = try Self.translating(url) { try NpyFile(url) }
  }

  /// An array that is in memory already.
  ///
  /// - Parameter url: Where it comes from, for messages.
  init(_ url: URL, content: [UInt8]) throws {
    self.url = url
    file = try Self.translating(url) { try NpyFile(content: content, path: url.path) }
  }

  /// The elements as floats, whatever they are.
  ///
  /// - Throws: ``ReadError`` for elements that are no numbers.
  func anyFloats() throws -> [Float] { try Self.translating(url) { try file.elements(0..<file.count) } }

  /// The elements as floats.
  ///
  /// - Throws: ``ReadError`` at one that is not finite, and for elements that are no numbers.
  func floats() throws -> [Float] {
    let values = try anyFloats()
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw ReadError(url, found: "\(values[index]) at index \(position(of: index))", expected: "finite numbers")
    }
    return values
  }

  /// The elements as doubles, whatever they are.
  ///
  /// - Throws: ``ReadError`` for elements that are no numbers.
  func anyNumbers() throws -> [Double] { try Self.translating(url) { try file.elements(0..<file.count) } }

  /// The elements of an array of integers, whole floats or strings, as text.
  func texts() throws -> [String] {
    let descriptor = file.header.descriptor
    switch descriptor.dropFirst().first {
    case "U", "S":
      return try strings(isWide: descriptor.dropFirst().first == "U")
    case "i", "u", "b":
      let values: [Int64] = try Self.translating(url) { try file.elements(0..<file.count) }
      return values.map(String.init)
    default:
      return try anyNumbers().map(plain)
    }
  }

  private func strings(isWide: Bool) throws -> [String] {
    let isBig = file.header.descriptor.first == ">"
    guard let size = file.header.elementSize else { return [] }
    var texts: [String] = []
    // In pieces, so that no second copy of a large array is held.
    for start in stride(from: 0, to: file.count, by: 1 << 12) {
      let piece = start..<min(start + 1 << 12, file.count)
      try Self.translating(url) { try file.bytes(piece) }.withUnsafeBytes { bytes in
        for index in piece.indices {
          let element = UnsafeRawBufferPointer(rebasing: bytes[(index - start) * size..<(index - start + 1) * size])
          texts.append(
            isWide ? Self.wide(element, isBig: isBig) : String(decoding: element.prefix { $0 != 0 }, as: UTF8.self))
        }
      }
    }
    return texts
  }

  /// A text of four bytes a character, up to the first zero.
  private static func wide(_ bytes: UnsafeRawBufferPointer, isBig: Bool) -> String {
    var scalars = String.UnicodeScalarView()
    for offset in stride(from: 0, to: bytes.count, by: 4) {
      let stored = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let value = isBig ? UInt32(bigEndian: stored) : UInt32(littleEndian: stored)
      if value == 0 { break }
      scalars.append(Unicode.Scalar(value) ?? "\u{fffd}")
    }
    return String(scalars)
  }

  /// Where an element is, as NumPy would index it: `[3, 0, 17]`.
  private func position(of index: Int) -> [Int] {
    var rest = index
    let reversed = shape.reversed().map { side in
      defer { rest /= side }
      return rest % side
    }
    return reversed.reversed()
  }

  static func translating<Result>(_ url: URL, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as NpyError {
      throw Self.translated(error, url)
    }
  }

  private static func translated(_ error: NpyError, _ url: URL) -> ReadError {
    let wanted = "a .npy file as numpy.save writes it"
    return switch error {
    case .unreadable(_, let found): ReadError(url, found: found, expected: wanted)
    case .malformed(_, let found): ReadError(url, found: found, expected: wanted)
    case .columnMajor:
      ReadError(url, found: "an array in column-major order", expected: "numpy.ascontiguousarray of it")
    case .unsupported(_, let descriptor):
      ReadError(
        url, found: "elements of type '\(descriptor)'",
        expected: descriptor.hasSuffix("O")
          ? "an array of strings or numbers, as labels.astype(str) gives it of Python's objects"
          : "integers, floats or strings")
    case .truncated(_, let bytes, let expected):
      ReadError(url, found: "\(bytes) bytes", expected: "\(expected) by its header: the file was cut short")
    }
  }
}
