import SleepCore
import Testing

@Suite("Settings as they are listed")
struct SettingTests {
  private enum Grain: String, Codable, CaseIterable, Sendable { case rye, hardWheat = "hard_wheat" }

  private struct Stone: Settings {
    var width = 1.5
    var tilts = [-20.0, 0]
    static let ranges = NumberRanges(
      CodingKeys.self, [.width: .number(above: 0, below: 2), .tilts: .number(-90...90).list(1...3)])
  }

  private struct Mill: Settings, Choosable {
    typealias Options = Mill
    static let name = "mill"
    static let summary = "grinds"
    var grainKind = Grain.hardWheat
    var upperStone = Stone()
    var turns = true
    static let ranges = NumberRanges(CodingKeys.self, [:])
  }

  private enum Mills: Registry {
    static let key = "kind"
    static let all: [any Choosable.Type] = [Mill.self]
  }

  private struct Bakery: Ranged {
    var choice = Choice<Mills>()
    var workers = 25.0
    var grains: [Grain]?
    static let ranges = NumberRanges(Keys.self, [.workers: .whole(0...30)])
    static let partsBeside = ["choice"]
    private enum Keys: CodingKey { case workers }
  }

  @Test("Keys are those of a document with defaults as it writes them, those of what was chosen first")
  func outline() {
    let lines = Bakery().outline.map { "\($0.key) = \($0.value ?? "-"): \($0.allowed)" }
    #expect(
      lines == [
        "grain_kind = hard_wheat: rye, hard_wheat", "upper_stone.width = 1.5: a number above 0 and below 2",
        "upper_stone.tilts = [-20, 0]: a list of 1 to 3, each a number from -90 to 90", "turns = true: true, false",
        "workers = 25: a whole number from 0 to 30", "grains = -: a list of rye, hard_wheat",
      ])
  }

  @Test("A text is broken between words, and a longer word has a line of its own")
  func lines() {
    #expect("one two three".lines(width: 7) == ["one two", "three"])
    #expect("one two three".lines(width: 7, indent: "  ") == ["  one", "  two", "  three"])
    #expect("a longestword b\n\nc".lines(width: 4) == ["a", "longestword", "b", "", "c"])
  }
}
