/// Signed numbers of 12 bits one behind the other, the highest bit first.
enum PackedTwelve {
  /// - Precondition: The number lies within the array.
  @inline(__always)
  static func number(_ index: Int, of bytes: [UInt8], at offset: Int) -> Int {
    let place = offset + index / 2 * 3
    let bits =
      index % 2 == 0
      ? Int(bytes[place]) << 4 | Int(bytes[place + 1]) >> 4
      : Int(bytes[place + 1] & 0xf) << 8 | Int(bytes[place + 2])
    return bits > 2047 ? bits - 4096 : bits
  }
}
