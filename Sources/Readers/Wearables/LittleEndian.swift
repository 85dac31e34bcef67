extension Array where Element == UInt8 {
  /// The integer whose bytes, the lowest first, begin at a place.
  ///
  /// - Precondition: They lie within the array.
  func integer<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> Number {
    withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
  }
}
