import SleepCore
import Testing

@Suite("Stages and schemes")
struct StageTests {
  @Test("NREM of no depth is none of the five stages")
  func stages() {
    #expect(Stage.allCases.map(\.name) == ["W", "N1", "N2", "N3", "REM"])
    #expect(Stage.stored.map(\.name) == ["W", "N1", "N2", "N3", "REM", "NREM"])
    #expect(Stage.stored.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
    #expect(LabelScheme.fiveStages.classes == ["W", "N1", "N2", "N3", "REM"])
  }

  @Test(
    "It counts where a scheme asks for no depth",
    arguments: [("wake-sleep", "Sleep"), ("w-nrem-rem", "NREM"), ("w-light-deep-rem", nil), ("five-stages", nil)])
  func nrem(scheme: String, name: String?) throws {
    let scheme = try #require(LabelScheme.named(scheme))
    let index = scheme.classIndex(ofStored: Stage.nrem.rawValue)
    #expect((index < 0 ? nil : scheme.classes[Int(index)]) == name)
  }
}
