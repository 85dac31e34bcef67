import Files
import Foundation

/// A MAT-file of version 5, as MATLAB 5 to 7.2, Octave and SciPy write it: where its variables are.
struct MATFile: Sendable {
  /// A variable with its tag, or what it is compressed to without one.
  struct Variable: Hashable, Sendable {
    let range: Range<Int>
    let isCompressed: Bool
  }

  let url: URL
  let isBigEndian: Bool
  let variables: [Variable]
  private let file: InputFile

  static let kind = "a MATLAB file of version 5 to 7.3"
  private static let headerBytes = 128

  /// What the last bytes of the header say of the order of bytes; `nil` of another kind of file.
  private static func isBigEndian(_ header: [UInt8]) -> Bool? {
    switch header.suffix(4) {
    case [0, 1, 0x49, 0x4d]: false
    case [1, 0, 0x4d, 0x49]: true
    default: nil
    }
  }

  /// - Throws: ``ReadError`` where it is none, or was cut short.
  init(_ url: URL) throws(ReadError) {
    self.url = url
    do { file = try InputFile(url) } catch { throw ReadError(url, found: error.found, expected: Self.kind) }
    guard file.size > 0 else { throw ReadError(url, found: "an empty file", expected: Self.kind) }
    let header = try Self.bytes(file, 0..<min(file.size, Self.headerBytes))
    guard header.count == Self.headerBytes, let isBigEndian = Self.isBigEndian(header) else {
      throw ReadError(url, found: "no such file, or one of version 4", expected: Self.kind)
    }
    self.isBigEndian = isBigEndian
    var variables: [Variable] = []
    var at = Self.headerBytes
    while at < file.size {
      guard file.size - at >= MATElement.tagBytes,
        let element = MATElement(
          try Self.bytes(file, at..<at + MATElement.tagBytes), at: at, isBigEndian: isBigEndian, end: file.size)
      else { throw ReadError(url, found: "a MATLAB file that was cut short or is damaged", expected: "a whole one") }
      guard [MATElement.matrix, MATElement.compressed].contains(element.type) else { throw Self.damaged(url) }
      let isCompressed = element.type == MATElement.compressed
      variables.append(
        Variable(range: isCompressed ? element.data : at..<element.data.upperBound, isCompressed: isCompressed))
      guard variables.count <= RecordingLimits.mostChannels else {
        throw ReadError(
          url, found: "more than \(RecordingLimits.mostChannels) variables", expected: "those of one recording")
      }
      at = element.next
    }
    self.variables = variables
  }

  func damaged() -> ReadError { Self.damaged(url) }

  private static func damaged(_ url: URL) -> ReadError {
    ReadError(url, found: "a damaged MATLAB file", expected: "a whole one")
  }

  func bytes(_ range: Range<Int>) throws(ReadError) -> [UInt8] { try Self.bytes(file, range) }

  private static func bytes(_ file: InputFile, _ range: Range<Int>) throws(ReadError) -> [UInt8] {
    do { return try file.bytes(range) } catch { throw ReadError(file.url, found: error.found, expected: kind) }
  }

  /// What comes of compressed bytes: the first of it.
  func inflated(_ range: Range<Int>, beginning: Int) throws(ReadError) -> [UInt8] {
    do { return try file.inflatedZlib(range, beginning: beginning) } catch {
      throw ReadError(url, found: error.found, expected: Self.kind)
    }
  }

  /// All that comes of compressed bytes, checked by its sum.
  ///
  /// - Parameter count: How much it is by its own tag.
  func inflated(_ range: Range<Int>, whole count: Int) throws(ReadError) -> [UInt8] {
    do { return try file.inflatedZlib(range, atMost: count) } catch {
      throw ReadError(url, found: error.found, expected: Self.kind)
    }
  }
}
