/// The different words of a column, by numbers.
struct TableWords {
  static let most = 4096

  private(set) var texts: [String] = []
  private var numbers: [[UInt8]: UInt16] = [:]

  /// - Returns: `nil` for a new word beyond ``most``.
  mutating func number(of field: UnsafeBufferPointer<UInt8>) -> UInt16? {
    let bytes = Array(field)
    if let number = numbers[bytes] { return number }
    guard texts.count < Self.most else { return nil }
    let number = UInt16(texts.count)
    numbers[bytes] = number
    texts.append(TableText.text(bytes))
    return number
  }
}
