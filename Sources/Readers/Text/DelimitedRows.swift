import Foundation

/// The rows of a text table: fields between separators, with quotes around those that hold one.
struct DelimitedRows {
  struct Row {
    let line: Int
    let fields: [String]
  }

  let rows: [Row]

  /// - Parameter separator: `nil` stands for any number of blanks.
  init(_ file: TextFile, separator: Character?) {
    rows = TextLines(file).map { line in
      let text = decodedText(line.bytes)
      return Row(line: line.number, fields: separator.map { Self.fields(text, $0) } ?? Self.words(text))
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
  }

  static func fields(_ text: String, _ separator: Character) -> [String] {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == separator, !isQuoted {
        fields.append(field)
        field = ""
      } else {
        field.append(character)
      }
    }
    return (fields + [field]).map { String($0.trimmingBlanks) }
  }

  /// What stands between the fields of a file: the first of tab, semicolon and comma that its first line holds, else blanks.
  static func separator(of file: TextFile) -> Character? {
    guard let first = TextLines(file).first(where: { _ in true }) else { return nil }
    return [("\t", 0x09), (";", 0x3b), (",", 0x2c)].first { first.bytes.contains($0.1) }?.0
  }
}
