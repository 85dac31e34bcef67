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

  @Test("What nobody scored is left out, or wake where that is asked for; sleep of no depth stays as it was")
  func unscored() {
    for scheme in LabelScheme.all where scheme.kind == .stages {
      let other = scheme.withUnscoredAsWake
      #expect(scheme.classIndex(ofStored: -1) == -1 && other.classIndex(ofStored: -1) == 0)
      #expect(other.classes[0] == "W" && other.name == scheme.name && other != scheme)
      for stage in Stage.stored {
        #expect(other.classIndex(ofStored: stage.rawValue) == scheme.classIndex(ofStored: stage.rawValue))
      }
      #expect(other.classIndex(ofStored: -2) == -1)
    }
  }
}
