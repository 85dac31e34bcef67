/// The tag before each piece of a MAT-file of version 5, and where the piece lies.
///
/// After MathWorks' "MAT-File Format", the chapter on version 5.
struct MATElement {
  /// What a piece may be that is no array of numbers.
  static let (matrix, compressed) = (14, 15)
  static let tagBytes = 8

  let type: Int
  /// Where its data lie.
  let data: Range<Int>
  /// Where the next one begins: all but compressed ones end at a multiple of eight bytes.
  let next: Int

  /// - Parameters:
  ///   - tag: Its first eight bytes.
  ///   - at: Where they stand.
  ///   - end: Where what it is a part of ends.
  /// - Returns: `nil` where it would reach beyond.
  init?(_ tag: [UInt8], at: Int, isBigEndian: Bool, end: Int) {
    guard tag.count == Self.tagBytes else { return nil }
    let first = Int(tag.number(UInt32.self, at: 0, isBigEndian))
    if first >> 16 != 0 {
      // Up to four bytes stand in the tag itself.
      let count = first >> 16
      guard count <= 4, at + 8 <= end else { return nil }
      (type, data, next) = (first & 0xffff, at + 4..<at + 4 + count, at + 8)
      return
    }
    let count = Int(tag.number(UInt32.self, at: 4, isBigEndian))
    guard count <= end - at - 8 else { return nil }
    type = first
    data = at + 8..<at + 8 + count
    next = first == Self.compressed ? data.upperBound : min(end, at + 8 + (count + 7) / 8 * 8)
  }
}

extension [UInt8] {
  /// A number of either byte order.
  ///
  /// - Precondition: Its bytes are there.
  func number<Number: FixedWidthInteger>(_: Number.Type, at place: Int, _ isBigEndian: Bool) -> Number {
    let number = withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
    return isBigEndian ? Number(bigEndian: number) : Number(littleEndian: number)
  }
}
