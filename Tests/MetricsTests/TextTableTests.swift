import Metrics
import Testing

@Suite("Tables of text")
struct TextTableTests {
  @Test("Numbers stand on the right, words on the left, and no line ends with a space")
  func columns() {
    var table = TextTable(["arm", "kappa", "note"], words: [0, 2])
    table.append(["scratch", "0.5", "the first"])
    table.append(["a", "0.25", ""])
    #expect(table.text == "arm      kappa  note\nscratch    0.5  the first\na         0.25\n")
    var plain = TextTable(["arm", "kappa"])
    plain.append(["a", "0.25"])
    #expect(plain.text == "arm  kappa\na     0.25\n")
  }

  @Test("What steers a terminal has the width that it is shown with")
  func hostile() {
    var table = TextTable(["channel", "samples"])
    table.append(["\u{1b}[31m", "3"])
    table.append(["a\nb", "40"])
    #expect(table.text == "channel     samples\n\\u001b[31m        3\na\\u000ab         40\n")
  }

  @Test("The words of the last column go on below where they begin, and notes stand below their row")
  func width() {
    var table = TextTable(["key", "may be"], words: [0, 1])
    table.append(["temperature", "a number above 0 and at most 1000"], notes: ["how sharp the comparison is to be"])
    #expect(
      table.text(width: 34) == """
        key          may be
        temperature  a number above 0 and
                     at most 1000
            how sharp the comparison is to
            be

        """)
  }
}
