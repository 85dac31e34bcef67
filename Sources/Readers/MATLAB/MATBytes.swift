import Files

/// The bytes of one variable of a MAT-file, as they stand in it or decompressed: no more than is asked for.
final class MATBytes {
  let isBigEndian: Bool
  /// Bytes of the variable, its tag too.
  let count: Int
  private let file: MATFile
  private let place: MATFile.Variable
  /// Of a compressed one, what was decompressed so far.
  private var content: [UInt8] = []
  /// The most bytes that may be decompressed at once.
  private let limit: Int

  /// Enough for what stands before the values of nearly any array.
  private static let beginning = 4096
  /// Deflate makes at most 1032 bytes of one.
  private static let mostOfOne = 1032

  /// - Throws: ``ReadError`` where a compressed variable is damaged at its beginning.
  init(_ file: MATFile, _ place: MATFile.Variable, atMost limit: Int = InputFile.mostExpanded) throws(ReadError) {
    (self.file, self.place, self.limit, isBigEndian) = (file, place, limit, file.isBigEndian)
    guard place.isCompressed else {
      count = place.range.count
      return
    }
    content = try file.inflated(place.range, beginning: Self.beginning)
    guard content.count >= MATElement.tagBytes, content.number(UInt32.self, at: 0, isBigEndian) == MATElement.matrix
    else { throw file.damaged() }
    count = Int(content.number(UInt32.self, at: 4, isBigEndian)) + MATElement.tagBytes
    guard count / Self.mostOfOne <= place.range.count, content.count >= min(count, Self.beginning) else {
      throw file.damaged()
    }
  }

  /// How many bytes were decompressed.
  var inflatedBytes: Int { content.count }

  /// - Throws: ``ReadError`` where the file does not hold them.
  func bytes(_ range: Range<Int>) throws(ReadError) -> [UInt8] {
    guard range.upperBound <= count else { throw file.damaged() }
    guard place.isCompressed else {
      let start = place.range.lowerBound
      return try file.bytes(start + range.lowerBound..<start + range.upperBound)
    }
    if range.upperBound > content.count {
      guard count <= limit else {
        throw ReadError(
          file.url, found: InputError(file.url, .expands(limit: InputFile.mostExpanded)).found, expected: MATFile.kind)
      }
      content = try file.inflated(place.range, whole: count)
      guard content.count == count else { throw file.damaged() }
    }
    return Array(content[range])
  }

  /// The element at a place.
  ///
  /// - Throws: ``ReadError`` where there is none before `end`.
  func element(at place: Int, end: Int) throws(ReadError) -> MATElement {
    guard end - place >= MATElement.tagBytes,
      let element = MATElement(
        try bytes(place..<place + MATElement.tagBytes), at: place, isBigEndian: isBigEndian, end: end)
    else { throw file.damaged() }
    return element
  }
}
