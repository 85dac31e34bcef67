import TestSupport
import Testing

@Suite("expectClose")
struct ExpectCloseTests {
  @Test(
    "Finds what is wrong",
    arguments: [
      ([1.0], [1.0, 2.0], "1 values, expected 2"),
      ([Double.nan], [Double.nan], "NaN at 0: nan, expected nan"),
      ([1.0, 3.0], [1.0, 2.0], "value 3.0 at 1, expected 2.0, off by 1.0"),
      ([Double.infinity], [1.0], "value inf at 0, expected 1.0, off by inf"),
    ])
  func disagreements(_ actual: [Double], _ expected: [Double], _ words: String) {
    #expect(
      disagreement(actual, expected, shape: nil, expectedShape: nil, relative: 1e-5, absolute: 1e-9) == words)
  }

  @Test("Accepts what agrees, infinities too, and compares shapes first")
  func agreements() {
    #expect(
      disagreement([1, .infinity], [1.000001, .infinity], shape: [2], expectedShape: [2], relative: 1e-5, absolute: 0)
        == nil)
    #expect(
      disagreement([1, 2], [1, 2], shape: [2, 1], expectedShape: [1, 2], relative: 1, absolute: 1)
        == "shape [2, 1], expected [1, 2]")
  }
}
