import Foundation

/// Rows of fields separated by commas or tabs, quoted as RFC 4180 has it: a field in `"` may hold separators, ends of lines and `""`.
///
/// Lines end with LF or CRLF; lines without a character are passed over.
struct DelimitedText {
  struct Row: Hashable {
    /// Of its first character, counted from 1.
    let line: Int
    let fields: [String]
  }

  let rows: [Row]

  /// - Throws: ``ReadError`` for bytes that are no UTF-8, a quote that does not end, and characters after one that does.
  init(_ file: TextFile, separator: Character) throws {
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw ReadError(file.url, found: "bytes that are no UTF-8", expected: "text in UTF-8")
    }
    var scanner = Scanner(text: text, url: file.url, separator: separator)
    rows = try scanner.rows()
  }

  private struct Scanner {
    let text: String
    let url: URL
    let separator: Character
    private var rest: Substring
    private var line = 1

    init(text: String, url: URL, separator: Character) {
      self.text = text
      self.url = url
      self.separator = separator
      rest = text[...]
    }

    mutating func rows() throws -> [Row] {
      var rows: [Row] = []
      while !rest.isEmpty {
        let first = line
        var fields: [String] = []
        repeat { fields.append(try field()) } while ended(by: separator)
        if let end = rest.popFirst() {
          guard end.isNewline else {
            throw ReadError(
              url, line: line, found: "\(quotedName(String(end))) after a field in quotation marks",
              expected: "a separator or the line's end: quotation marks in a field are written twice")
          }
          line += 1
        }
        if fields != [""] { rows.append(Row(line: first, fields: fields)) }
      }
      return rows
    }

    private mutating func ended(by character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func field() throws -> String {
      guard ended(by: "\"") else {
        let field = rest.prefix { $0 != separator && !$0.isNewline }
        rest = rest[field.endIndex...]
        return String(field)
      }
      let first = line
      var field = ""
      while let character = rest.popFirst() {
        if character == "\"" {
          guard ended(by: "\"") else { return field }
        } else if character.isNewline {
          line += 1
        }
        field.append(character)
      }
      throw ReadError(
        url, line: first, found: "a field in quotation marks that does not end", expected: "a second '\"' after it")
    }
  }
}
