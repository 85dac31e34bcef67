import SleepCore
import Testing

@Suite("The nearest name to a slip of the pen")
struct NearestNameTests {
  @Test(
    "The nearest is found, or none where all are far",
    arguments: [
      ("mask_ration", "mask_ratio"), ("maskRatio", "mask_ratio"), ("epcohs", "epochs"), ("EEG FPZ CZ", "EEG Fpz-Cz"),
      ("lr", nil), ("momentum", nil), ("", nil), ("xpochs", "epochs"), ("epoch", "epochs"),
    ] as [(String, String?)])
  func slips(word: String, expected: String?) {
    #expect(nearest(word, among: ["name", "mask_ratio", "epochs", "EEG Fpz-Cz"]) == expected)
  }

  @Test("Of two as near, the first is taken; of none, none")
  func ties() {
    #expect(nearest("rat", among: ["rate", "rats"]) == "rate")
    #expect(nearest("rat", among: ["rates", "rats"]) == "rats")
    #expect(nearest("rat", among: []) == nil)
    #expect(nearest("a", among: ["b"]) == nil)
  }
}
