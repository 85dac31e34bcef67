/// What the fields of a table mean: numbers, and what stands for a missing one.
struct TableValues {
  /// The byte before a fraction.
  let point: UInt8
  private let missing: Set<[UInt8]>
  private let missingNumbers: [Double]

  private static let usual: Set<[UInt8]> = Set(
    [
      "", "nan", "-nan", "na", "n/a", "#n/a", "<na>", "null", "nil", "none", "-", "--", "inf", "-inf", "+inf",
      "infinity", "-infinity",
    ]
    .map { Array($0.utf8) })

  init(decimal: DecimalMark, missing: [String]) {
    point = decimal == .comma ? 0x2c : 0x2e
    self.missing = Self.usual.union(missing.map { Self.key(Array($0.utf8)) })
    missingNumbers = missing.compactMap { DecimalNumber.parse($0[...]) }
  }

  func isMissing(_ field: some Collection<UInt8>) -> Bool {
    if field.isEmpty { return true }
    return field.count <= 64 && missing.contains(Self.key(field))
  }

  /// Whether a number is one that the card says stands for a missing sample.
  @inline(__always)
  func standsForMissing(_ number: Double) -> Bool {
    !missingNumbers.isEmpty && missingNumbers.contains(number)
  }

  /// The number that a field is and nothing else.
  func number(_ field: [UInt8]) -> Double? { field.withUnsafeBufferPointer { number($0) } }

  /// The number that a field is and nothing else.
  func number(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    guard var place = field.baseAddress else { return nil }
    let end = place + field.count
    guard let value = DecimalNumber.parse(at: &place, before: end, point: point), place == end else { return nil }
    return value
  }

  private static func key(_ field: some Collection<UInt8>) -> [UInt8] {
    field.map { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }
  }
}
