import TestSupport
import Testing
import YAML

@Suite("Values become documents")
struct EncodeTests {
  @Test("A recipe is written with keys in snake case, and read back equal")
  func roundTrip() throws {
    let recipe = Recipe(
      name: "12", epochs: 16, maskRatio: 1e-5, protocols: [.scratch, .fineTuned],
      optimizer: Optimizer(rate: .infinity, useAMSGrad: true), weights: ["leftFetal": 1], isQuick: false,
      tasks: [.views(weight: 2), .maskedFrames(maskRatio: 0.15)])
    let text = try YAMLEncoder().encode(recipe).text
    #expect(
      text == """
        name: '12'
        epochs: 16
        mask_ratio: 1e-05
        protocols: [scratch, fine-tuned]
        optimizer:
          rate: .inf
          use_ams_grad: true
        weights:
          leftFetal: 1.0
        is_quick: false
        tasks:
        - views:
            weight: 2.0
        - masked_frames:
            mask_ratio: 0.15

        """)
    #expect(try decoded(text) == recipe)
  }

  @Test(
    "Any text is read back as the same text",
    arguments: [
      "", " ", "~", "null", "true", "1", "1e3", ".inf", "0x1", "no", "a: b", "a #b", "#a", "- a", "*a", "&a", "!a",
      "%a", "@a",
      "'", "\"", "a\nb", "a\n\nb\n", "\ta", "a ", "é", "😀", "[", "]", ",", "{}", "?", "-", "---", "...", "a, b", "a]",
      "\u{0}", "\u{7}", "\u{85}", "\u{2028}", "\u{feff}", "<<", "=", String(repeating: "word ", count: 60),
    ])
  func texts(text: String) throws {
    #expect(try decoded(YAMLEncoder().encode(text).text, as: String.self) == text)
    #expect(try decoded(YAMLEncoder().encode([text, text]).text, as: [String].self) == [text, text])
    #expect(try decoded(YAMLEncoder().encode([text: text]).text, as: [String: String].self) == [text: text])
  }

  @Test("Empty values and numbers are read back")
  func others() throws {
    #expect(try decoded(YAMLEncoder().encode([Int]()).text, as: [Int].self) == [])
    #expect(try decoded(YAMLEncoder().encode([String: Int]()).text, as: [String: Int].self) == [:])
    #expect(try decoded(YAMLEncoder().encode([1, nil]).text, as: [Int?].self) == [1, nil])
    #expect(try decoded(YAMLEncoder().encode([[[1]], []]).text, as: [[[Int]]].self) == [[[1]], []])
    for number in [0.1, -1e300, .leastNonzeroMagnitude, .infinity, -.infinity, 3] {
      #expect(try decoded(YAMLEncoder().encode(number).text, as: Double.self) == number)
    }
  }
}
