/// Lines of separated fields, as RFC 4180 has them but ended by a line feed alone.
///
/// Fields come from files that anybody may have written, and a spreadsheet takes one that begins with `=` for a formula, which may send
/// what stands in other cells elsewhere. Such a field gets an apostrophe before it, which a spreadsheet takes for "this is text".
public enum CSV {
  /// One line, ended.
  public static func line(_ fields: [String], separator: Unicode.Scalar = ",") -> String {
    fields.map { quoted(harmless($0), separator) }.joined(separator: String(Character(separator))) + "\n"
  }

  /// A field that ``line(_:separator:)`` wrote, without its apostrophe.
  public static func original(_ field: String) -> String {
    field.unicodeScalars.first == "'" && isFormula(field) ? String(field.unicodeScalars.dropFirst()) : field
  }

  private static func harmless(_ field: String) -> String { isFormula(field) ? "'" + field : field }

  /// Whether a field, or what stands behind its own apostrophes, would be computed: so that the apostrophe can be taken away again.
  private static func isFormula(_ field: String) -> Bool {
    let text = String(field.unicodeScalars.drop { $0 == "'" })
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return false }
    return Double(text).map { !$0.isFinite } ?? true
  }

  /// By scalars, since a separator with a combining mark after it is one character, and a separator still.
  private static func quoted(_ field: String, _ separator: Unicode.Scalar) -> String {
    let scalars = field.unicodeScalars
    let isPlain =
      !scalars.contains { $0 == separator || $0 == "\"" || Character($0).isNewline }
      && scalars.first?.properties.isWhitespace != true && scalars.last?.properties.isWhitespace != true
    guard !isPlain else { return field }
    let doubled = scalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
  }
}
