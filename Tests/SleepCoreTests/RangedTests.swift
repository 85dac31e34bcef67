import SleepCore
import TestSupport
import Testing

@Suite("Ranges of numbers")
struct RangedTests {
  @Test(
    "A range knows its numbers and says what they are",
    arguments: [
      (NumberRange.whole(1...20), [1.0, 20], [0.0, 21, 1.5], "a whole number from 1 to 20"),
      (.number(0...1), [0, 0.5, 1], [-0.1, 1.1], "a number from 0 to 1"),
      (.number(-0.5..<1), [-0.5, 0.9], [-0.6, 1], "a number from -0.5 to below 1"),
      (.number(above: 0, to: 10), [1e-9, 10], [0, 11], "a number above 0 and at most 10"),
      (.number(above: 0, below: 1), [0.5], [0, 1], "a number above 0 and below 1"),
      (.seed, [0, 9_007_199_254_740_991], [-1, 1e16], "a whole number from 0 to 9007199254740991"),
    ])
  func words(range: NumberRange, inside: [Double], outside: [Double], words: String) {
    #expect(inside.allSatisfy(range.contains))
    #expect(!(outside + [.nan, .infinity, -.infinity]).contains(where: range.contains))
    #expect(range.words == words)
    #expect(range.countWords == nil)
  }

  @Test("A list's length has words of its own")
  func counts() {
    #expect(NumberRange.whole(1...9).list(2...2).countWords == "a list of 2")
    #expect(NumberRange.whole(1...9).list(1...64).countWords == "a list of 1 to 64")
  }

  @Test("The first number out of its range is named, also in a part, and then what does not go together")
  func misfits() {
    var mill = Mill()
    #expect(mill.misfit == nil)
    mill.wheels = [Mill.Wheel(), Mill.Wheel(teeth: 0)]
    #expect(mill.misfit?.description == "'wheels.1.teeth' is 0, expected a whole number from 1 to 9")
    mill.wheels = []
    mill.byName = [.large: Mill.Wheel(teeth: 10)]
    #expect(mill.misfit?.description == "'by_name.LARGE.teeth' is 10, expected a whole number from 1 to 9")
    mill.byName = [:]
    mill.wheel.teeth = 0
    #expect(mill.misfit?.description == "'wheel.teeth' is 0, expected a whole number from 1 to 9")
    mill.gearRatios = [2, .nan]
    #expect(mill.misfit?.description == "'gear_ratios' is nan, expected a number above 0 and at most 5")
    mill.gearRatios = []
    #expect(mill.misfit?.description == "'gear_ratios' is a list of 0, expected a list of 1 to 3")
    mill = Mill()
    mill.spare = 12
    #expect(mill.misfit?.description == "'spare' is 12, expected a whole number from 1 to 9")
    mill.spare = 3
    #expect(mill.misfit?.description == "'spare' is 3, expected at most the wheel's teeth, 2")
  }

  @Test("A name that is none suggests the nearest, or what is meant")
  func names() {
    #expect(
      Misfit("kind", is: "bilsmt", oneOf: ["linear", "bilstm"]).description
        == "'kind' is 'bilsmt', expected one of linear, bilstm. Did you mean 'bilstm'?")
    #expect(
      Misfit("kind", is: "x", oneOf: ["linear", "bilstm"]).description
        == "'kind' is 'x', expected one of linear, bilstm"
    )
    #expect(
      Misfit("kind", is: "gpu", oneOf: ["cpu", "cuda"], meant: "cuda").description
        == "'kind' is 'gpu', expected one of cpu, cuda. Did you mean 'cuda'?")
  }

  @Test("A number without a range is found at any depth, whether it is there or not")
  func completeness() {
    #expect(numbersWithoutRange(of: Mill(), parts: [Mill.Wheel()]) == [])
    #expect(
      numbersWithoutRange(of: Mill(), parts: []) == [
        "wheels, a Wheel of which the test has no part", "byName, a Wheel of which the test has no part",
      ])
    #expect(
      numbersWithoutRange(of: Shed(), parts: [Mill.Wheel(), Mill()])
        == ["floors", "keys", "bins", "weights", "loft.height"])
  }
}

private struct Mill: Codable, Ranged {
  enum Size: String, Codable { case large = "LARGE" }

  struct Wheel: Codable, Ranged {
    var teeth = 2

    static let ranges = NumberRanges(CodingKeys.self, [.teeth: .whole(1...9)])
  }

  var name = "mill"
  var isOld = true
  var gearRatios = [1.0, 2]
  var spare: Int?
  var wheel = Wheel()
  var wheels: [Wheel] = []
  var byName: [Size: Wheel]?

  static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .gearRatios: .number(above: 0, to: 5).list(1...3),
      .spare: .whole(1...9),
    ])

  var conflict: Misfit? {
    guard let spare, spare > wheel.teeth else { return nil }
    return Misfit("spare", with: ["wheel.teeth"], is: "\(spare)", expected: "at most the wheel's teeth, \(wheel.teeth)")
  }
}

private struct Shed {
  struct Loft { var height = 1.5 }

  var floors = 1
  var keys: Int?
  var bins: [Float]?
  var weights: [String: Double] = [:]
  var mill: Mill?
  var loft = Loft()
}
