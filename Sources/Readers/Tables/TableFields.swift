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
    guard var place = bytes.baseAddress else { return mark == nil ? [] : [[]] }
    let end = place + bytes.count
    var fields: [[UInt8]] = []
    while true {
      skipBlanks(at: &place, before: end)
      if mark == nil, place == end { return fields }
      if place < end, place.pointee == Self.quote {
        guard let field = quoted(at: &place, before: end) else { return nil }
        fields.append(Self.undoubled(field))
      } else {
        fields.append(Array(plain(at: &place, before: end)))
      }
      guard place < end else { return fields }
      if mark != nil { place += 1 }
    }
  }

  static let quote: UInt8 = 0x22

  /// The field at `place`, which is then moved to the separator behind it, without the blanks at its end.
  @inline(__always)
  func plain(at place: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let start = place
    while place < end, !isEnd(place.pointee) { place += 1 }
    var last = place
    while last > start, isBlank(last[-1]) { last -= 1 }
    return UnsafeBufferPointer(start: start, count: last - start)
  }

  /// The field at `place`, a quotation mark, which is then moved to the separator behind it. Quotation marks within are still doubled.
  ///
  /// - Returns: `nil` where it does not end, or no separator stands behind it.
  func quoted(
    at place: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    let start = place + 1
    place = start
    while true {
      while place < end, place.pointee != Self.quote { place += 1 }
      guard place < end else { return nil }
      guard place + 1 < end, place[1] == Self.quote else { break }
      place += 2
    }
    let field = UnsafeBufferPointer(start: start, count: place - start)
    place += 1
    skipBlanks(at: &place, before: end)
    return place == end || mark == nil || place.pointee == mark ? field : nil
  }

  /// A field that stood between quotation marks, with one in place of two.
  static func undoubled(_ field: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var isFirst = false
    return field.filter { byte in
      isFirst = byte == quote && !isFirst
      return !isFirst
    }
  }

  /// Whether a field ends at `place`, which is moved to the separator.
  @inline(__always)
  func ends(at place: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>) -> Bool {
    if mark != nil { skipBlanks(at: &place, before: end) }
    return place == end || isEnd(place.pointee)
  }

  @inline(__always)
  func skipBlanks(at place: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>) {
    while place < end, isBlank(place.pointee) { place += 1 }
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
