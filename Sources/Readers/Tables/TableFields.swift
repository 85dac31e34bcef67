/// The fields of one record, cut at separators; those in quotation marks as RFC 4180 has them.
struct TableFields {
  let separator: TableSeparator
  /// The byte that separates; `nil` for blanks.
  let mark: UInt8?

  init(_ separator: TableSeparator) {
    self.separator = separator
    mark = separator.mark
  }

  /// - Returns: `nil` where something stands behind a quotation mark that ends a field.
  func callAsFunction(_ bytes: UnsafeBufferPointer<UInt8>) -> [[UInt8]]? {
    var fields: [[UInt8]] = []
    var place = 0
    func skipBlanks() { while place < bytes.count, isBlank(bytes[place]) { place += 1 } }
    while true {
      skipBlanks()
      if mark == nil, place == bytes.count { return fields }
      var field: [UInt8] = []
      if place < bytes.count, bytes[place] == 0x22 {
        guard let end = unquote(bytes, from: place, into: &field) else { return nil }
        place = end
      } else {
        let start = place
        while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
        field = Array(bytes[start..<place])
        while let last = field.last, isBlank(last) { field.removeLast() }
      }
      fields.append(field)
      skipBlanks()
      guard place < bytes.count else { return fields }
      guard let mark else { continue }
      guard bytes[place] == mark else { return nil }
      place += 1
    }
  }

  /// Reads a field from its first quotation mark on.
  ///
  /// - Returns: Where what is behind it begins; `nil` where it does not end.
  func unquote(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into field: inout [UInt8]) -> Int? {
    field.removeAll(keepingCapacity: true)
    var place = start + 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == 0x22 {
        guard place < bytes.count, bytes[place] == 0x22 else { return place }
        place += 1
      }
      field.append(byte)
    }
    return nil
  }

  @inline(__always)
  func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte == 0x09 && mark != 0x09) }

  @inline(__always)
  func isEnd(_ byte: UInt8) -> Bool { mark.map { byte == $0 } ?? (byte == 0x20 || byte == 0x09) }
}

extension TableSeparator {
  /// The byte that separates; `nil` for blanks.
  var mark: UInt8? {
    switch self {
    case .comma: 0x2c
    case .semicolon: 0x3b
    case .tab: 0x09
    case .blanks: nil
    }
  }

  /// As a message says it: `commas`.
  var plural: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .blanks: "blanks"
    }
  }
}

/// A text of a file whose letters may be Latin-1.
enum TableText {
  static func text(_ bytes: some Collection<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  static func isLatin(_ bytes: some Collection<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) == nil }
}

/// The start of a field in quotation marks, for messages.
func quoted(_ field: some Collection<UInt8>) -> String {
  let text =
    String(validating: field.prefix(25), as: UTF8.self) == nil
    ? Array(TableText.text(field.prefix(25)).utf8) : Array(field.prefix(25))
  return "'\(printable(text))'"
}
