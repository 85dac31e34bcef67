import SleepCore
import TestSupport
import Testing
import YAML

@Suite("Numbers have ranges")
struct RangeTests {
  struct Mill: Settings {
    var teeth = 2
    var speed = 0.5
    var spare: Int?
    var gears = [1, 2]
    var parts: [Mill]?

    static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .teeth: .whole(1...9), .speed: .number(above: 0, to: 1), .spare: .whole(1...9),
        .gears: .whole(1...5).list(1...3),
      ])

    var conflict: Misfit? {
      guard let spare, spare > teeth else { return nil }
      return Misfit("spare", with: ["teeth"], is: "\(spare)", expected: "at most 'teeth', \(teeth)")
    }
  }

  @Test(
    "A number out of its range is refused at its place, and one put in by an option by the option's name",
    arguments: [
      ("teeth", "-1", "'teeth' is -1, expected a whole number from 1 to 9"),
      ("teeth", "1e18", "'teeth' is 1e18, expected a whole number from 1 to 9"),
      ("teeth", "99999999999999999999", "'teeth' is 99999999999999999999, expected a whole number from 1 to 9"),
      ("teeth", "2.5", "'teeth' is 2.5, expected a whole number from 1 to 9"),
      ("teeth", "many", "'teeth' is 'many', expected a whole number from 1 to 9"),
      ("speed", "0", "'speed' is 0, expected a number above 0 and at most 1"),
      ("speed", ".nan", "'speed' is .nan, expected a number above 0 and at most 1"),
      ("speed", ".inf", "'speed' is .inf, expected a number above 0 and at most 1"),
      ("speed", "1e999", "'speed' is 1e999, expected a number above 0 and at most 1"),
      ("spare", "10", "'spare' is 10, expected a whole number from 1 to 9"),
      ("spare", "3", "'spare' is 3, expected at most 'teeth', 2"),
      ("gears", "[]", "'gears' is a list of 0, expected a list of 1 to 3"),
      ("gears", "[1, 2, 3, 4]", "'gears' is a list of 4, expected a list of 1 to 3"),
      ("gears", "3", "'gears' is '3', expected a list"),
    ])
  func refused(key: String, value: String, words: String) {
    #expect(refusal("# a mill\n\(key): \(value)", as: Mill.self) == "r.yaml:2:\(key.count + 3): \(words)")
    #expect(refusal("{}", as: Mill.self, set: ["\(key)=\(value)"]) == "--set \(key)=\(value): \(words)")
  }

  @Test("Items of a list and parts at any depth have their place")
  func places() {
    #expect(
      refusal("gears: [1, 6]", as: Mill.self)
        == "r.yaml:1:12: 'gears.1' is 6, expected a whole number from 1 to 5")
    #expect(
      refusal("parts:\n- {teeth: 2}\n- {teeth: 0}", as: Mill.self)
        == "r.yaml:3:11: 'teeth' is 0, expected a whole number from 1 to 9")
    #expect(
      refusal("parts: [{spare: 4, teeth: 3}]", as: Mill.self)
        == "r.yaml:1:17: 'spare' is 4, expected at most 'teeth', 3")
  }

  @Test("Where two values do not go together, the one that an option has put in is named")
  func options() {
    #expect(
      refusal("{spare: 4, teeth: 5}", as: Mill.self, set: ["teeth=3"])
        == "--set teeth=3: 'spare' is 4, expected at most 'teeth', 3")
  }

  @Test("What is left out, empty or in its range is taken")
  func taken() throws {
    #expect(try decoded("{}", as: Mill.self) == Mill())
    #expect(try decoded("spare:", as: Mill.self) == Mill())
    #expect(try decoded("gears: [5]\nspare: 2", as: Mill.self).gears == [5])
  }

  private struct Depot: Settings {
    var waggons: [Waggon] = []
    static let ranges = NumberRanges(CodingKeys.self, [:])
    static let items = ["waggons": "waggon"]

    var conflict: Misfit? {
      guard let index = waggons.indices.last, waggons.count > 2 else { return nil }
      return Misfit("waggons.\(index)", is: "one too many", expected: "two")
    }
  }

  private struct Waggon: Codable, Hashable {
    var name: String
    var load: Int
  }

  @Test(
    "An error within an item of a list that has a name for it says which, from 1",
    arguments: [
      ("- {name: a, load: 1}\n- {name: b, load: x}", "2:19: waggon 2 ('b'): 'load' is 'x', expected a whole number"),
      ("- {name: a, lod: 1}", "1:3: waggon 1 ('a'): missing key 'load'. Is it 'lod' that should read 'load'?"),
      ("- {load: 1, lode: 2}", "1:3: waggon 1: missing key 'name'"),
      (
        "- {name: a, load: 1, lode: 2}",
        "1:22: waggon 1 ('a'): unknown key 'lode'. Known keys here: name, load"
      ),
      ("- 3", "1:3: waggon 1 is '3', expected a mapping"),
      (
        "- {name: a, load: 1}\n- {name: b, load: 1}\n- {name: c, load: 1}",
        "3:3: waggon 3 ('c') is one too many, expected two"
      ),
    ])
  func items(list: String, words: String) {
    let text = "waggons:\n" + list
    let place = words.prefix { $0 != ":" }
    let line = (Int(place) ?? 0) + 1
    #expect(refusal(text, as: Depot.self) == "r.yaml:\(line)\(words.dropFirst(place.count))")
  }
}
