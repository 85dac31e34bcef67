import Files
import Testing

@Suite("Comma-separated text")
struct CSVTests {
  static let lines: [(fields: [String], line: String)] = [
    (["a", "", "b c", "é"], "a,,b c,é\n"),
    (["a,b", "say \"x\"", "1\n2", "1\r2"], "\"a,b\",\"say \"\"x\"\"\",\"1\n2\",\"1\r2\"\n"),
    ([" a", "a "], "\" a\",\"a \"\n"), (["=1+2", "+x", "-x", "@x", "\tx", "\rx"], "'=1+2,'+x,'-x,'@x,'\tx,\"'\rx\"\n"),
    (["-1", "+2.5", "-1e-9", "-inf", "-"], "-1,+2.5,-1e-9,'-inf,'-\n"),
    (["=HYPERLINK(\"http://x?\"&A1,\"y\")"], "\"'=HYPERLINK(\"\"http://x?\"\"&A1,\"\"y\"\")\"\n"),
    (["'=x", "it's", "'x", "'-1"], "''=x,it's,'x,'-1\n"),
    ([",\u{301}", "\"\u{301}"], "\",\u{301}\",\"\"\"\u{301}\"\n"),
  ]

  @Test("Fields are quoted, and those that a spreadsheet would compute are text; numbers stay", arguments: lines)
  func line(fields: [String], line: String) { #expect(Array(CSV.line(fields).utf8) == Array(line.utf8)) }

  @Test("With tabs between them, a field with a tab is quoted and one with a comma is not")
  func tabs() { #expect(CSV.line(["a\tb", "c,d"], separator: "\t") == "\"a\tb\"\tc,d\n") }

  @Test(
    "The apostrophe that was put before a field is taken away again, and no other",
    arguments: [
      ("'=x", "=x"), ("''=x", "'=x"), ("'-inf", "-inf"), ("'@a", "@a"), ("it's", "it's"), ("'x", "'x"), ("'-1", "'-1"),
      ("'", "'"), ("", ""), ("-1", "-1"),
    ])
  func original(written: String, field: String) {
    #expect(CSV.original(written) == field)
    #expect(CSV.line([field]) == written + "\n")
  }
}
