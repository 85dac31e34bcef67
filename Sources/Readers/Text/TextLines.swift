import Foundation

/// One line of a text file, without its end.
struct TextLine {
  /// Counted from 1.
  let number: Int
  let bytes: UnsafeBufferPointer<UInt8>

  /// The fields between commas, without the blanks around them.
  var fieldsBetweenCommas: [Substring] {
    String(decoding: bytes, as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { field in
        let text = field.drop { $0 == " " || $0 == "\t" }
        guard let end = text.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return text[...end]
      }
  }
}

/// The lines of a text file that hold something: lines of blanks alone and comments are passed over. Lines end with
/// LF or CRLF.
struct TextLines: Sequence, IteratorProtocol {
  private let file: TextFile
  private let comment: UInt8?
  private var offset = 0
  private var number = 0

  /// - Parameter comment: Lines beginning with this character are passed over.
  init(_ file: TextFile, comment: Character? = nil) {
    self.file = file
    self.comment = comment?.asciiValue
  }

  mutating func next() -> TextLine? {
    let bytes = file.bytes
    guard let base = bytes.baseAddress else { return nil }
    while offset < bytes.count {
      let start = base + offset
      let left = bytes.count - offset
      var length = left
      if let end = memchr(start, 0x0a, left) { length = UnsafeRawPointer(end) - UnsafeRawPointer(start) }
      offset += length + 1
      number += 1
      if length > 0, start[length - 1] == 0x0d { length -= 1 }
      let line = UnsafeBufferPointer(start: start, count: length)
      if line.first == comment, comment != nil { continue }
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      return TextLine(number: number, bytes: line)
    }
    return nil
  }
}
