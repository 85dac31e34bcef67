import SleepCore

/// One way to damage a file's bytes.
enum Mutation: CaseIterable {
  case flip, run, number, integer, truncate, duplicate, remove, splice, word, long

  /// Numbers that readers tend to forget.
  private static let numbers = [
    "0", "-1", "-0", "1", "9e18", "-9e18", "1e308", "-1e308", "1e-308", "nan", "inf", "-inf", "2147483648",
    "-2147483649",
    "9223372036854775807", "9223372036854775808", "4294967296", "1e9", "1e6", "65536", "255", "0x10", "1e-9", "0.5", "",
    "99999999999999999999999999",
  ]
  private static let integers: [UInt64] = [
    0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    .max, 1 << 40,
  ]

  /// Damages some bytes.
  ///
  /// - Parameters:
  ///   - other: A file to take bytes from.
  ///   - words: Words that mean something in the format.
  /// - Returns: What was done, in a few words.
  func apply(
    to bytes: inout [UInt8], other: [UInt8], words: [String], _ random: inout RandomSource
  ) -> String {
    guard !bytes.isEmpty else { return "nothing" }
    let place = Self.place(in: bytes, &random)
    let length = min(bytes.count - place, Int.random(in: 1...(Bool.random(using: &random) ? 8 : 400), using: &random))
    switch self {
    case .flip:
      let bit = UInt8.random(in: 0..<8, using: &random)
      bytes[place] ^= 1 << bit
      return "bit \(bit) of byte \(place) flipped"
    case .run:
      let value: UInt8 = [0, 255, 0x20, 0x39, 0x2d, 0x0a].randomElement(using: &random) ?? 0
      for index in place..<place + length { bytes[index] = value }
      return "\(length) bytes of \(value) at \(place)"
    case .number:
      return Self.replaceNumber(in: &bytes, from: place, &random)
    case .integer:
      let value = Self.integers.randomElement(using: &random) ?? 0
      let width = min([1, 2, 4, 8].randomElement(using: &random) ?? 1, bytes.count - place)
      for index in 0..<width { bytes[place + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
      return "the integer \(value) in \(width) bytes at \(place)"
    case .truncate:
      bytes.removeLast(bytes.count - place)
      return "cut at \(place)"
    case .duplicate:
      bytes.insert(contentsOf: Array(bytes[place..<place + length]), at: place)
      return "\(length) bytes at \(place) twice"
    case .remove:
      bytes.removeSubrange(place..<place + length)
      return "\(length) bytes at \(place) removed"
    case .splice:
      guard !other.isEmpty else { return "nothing" }
      let start = Int.random(in: 0..<other.count, using: &random)
      let piece = other[start..<min(other.count, start + Int.random(in: 1...2000, using: &random))]
      let end = Bool.random(using: &random) ? min(bytes.count, place + piece.count) : place
      bytes.replaceSubrange(place..<end, with: piece)
      return "\(piece.count) bytes of another file at \(place)"
    case .word:
      let word = words.randomElement(using: &random) ?? ""
      let end = Bool.random(using: &random) ? min(bytes.count, place + word.utf8.count) : place
      bytes.replaceSubrange(place..<end, with: Array(word.utf8))
      return "'\(word.prefix(24))' at \(place)"
    case .long:
      let value = bytes[place]
      let count = Int.random(in: 1...20_000, using: &random)
      bytes.insert(contentsOf: repeatElement(value, count: count), at: place)
      return "\(count) bytes of \(value) more at \(place)"
    }
  }

  /// Often near the start, where headers are.
  private static func place(in bytes: [UInt8], _ random: inout RandomSource) -> Int {
    let end = Bool.random(using: &random) ? bytes.count : min(bytes.count, 600)
    return Int.random(in: 0..<end, using: &random)
  }

  /// Puts another number in the place of the first written one after a place: in fields of a fixed width, as EDF has them, or not.
  private static func replaceNumber(in bytes: inout [UInt8], from place: Int, _ random: inout RandomSource) -> String {
    func isNumber(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || [0x2d, 0x2e].contains(byte) }
    guard let start = bytes[place...].firstIndex(where: isNumber) else { return "nothing" }
    var end = bytes[start...].firstIndex { !isNumber($0) } ?? bytes.count
    var number = Array((numbers.randomElement(using: &random) ?? "0").utf8)
    if Bool.random(using: &random) {
      // The blanks after a number belong to its field.
      while end < bytes.count, end - start < number.count, bytes[end] == 0x20 { end += 1 }
      number = Array((number + repeatElement(0x20, count: max(0, end - start - number.count))).prefix(end - start))
    }
    bytes.replaceSubrange(start..<end, with: number)
    return "the number '\(String(decoding: number, as: UTF8.self))' at \(start)"
  }
}
