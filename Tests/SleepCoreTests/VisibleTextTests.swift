import SleepCore
import Testing

@Suite("Text that steers nothing")
struct VisibleTextTests {
  @Test(
    "Control characters and turns of direction are written out; line feeds, tabs and every script stay",
    arguments: [
      ("\u{1b}]0;PWN\u{7}\u{1b}[31m", "\\u001b]0;PWN\\u0007\\u001b[31m"), ("a\r\nb\tc", "a\\u000d\nb\tc"),
      ("\u{0}\u{8}\u{c}\u{7f}\u{80}\u{9b}31m\u{9f}", "\\u0000\\u0008\\u000c\\u007f\\u0080\\u009b31m\\u009f"),
      ("x\u{202e}gpj.exe\u{2066}\u{2069}\u{2028}", "x\\u202egpj.exe\\u2066\\u2069\\u2028"),
      ("Müller 睡眠 שינה 😴 \u{a0}e\u{301}", "Müller 睡眠 שינה 😴 \u{a0}e\u{301}"), ("", ""),
    ])
  func visible(text: String, shown: String) {
    #expect(text.visible == shown)
    #expect(Array(text.visible.visible.utf8) == Array(shown.utf8))
  }

  @Test("In one line line feeds and tabs are written out, too")
  func line() { #expect("a\nb\tc".visibleLine == "a\\u000ab\\u0009c") }
}
