import SleepCore
import Testing

@Suite("Postures")
struct PostureTests {
  @Test("The 17 published postures keep their numbers, and the others have none")
  func numbers() {
    #expect(Posture.published.map(\.number) == Array(1...17))
    #expect((1...17).compactMap(Posture.init(number:)) == Posture.published)
    #expect(Posture(number: 0) == nil && Posture(number: 18) == nil)
    #expect(Posture.otherSupine.number == nil)
    #expect(Set(Posture.allCases.map(\.name)).count == 20)
  }

  @Test("A posture of which only the side is known has no class among 17 and one among 3")
  func schemes() {
    let others: [Posture] = [.otherSupine, .otherRight, .otherLeft]
    #expect(others.map { LabelScheme.postures17.classIndex(ofStored: $0.rawValue) } == [-1, -1, -1])
    #expect(others.map { LabelScheme.postures3.classIndex(ofStored: $0.rawValue) } == [0, 1, 2])
    #expect(LabelScheme.postures17.classes.count == 17)
    #expect((0..<17).map { LabelScheme.postures17.classIndex(ofStored: $0) } == Array(0..<17))
  }

  @Test("The sides are those of the data set's description")
  func sides() {
    let numbers = Dictionary(grouping: Posture.published, by: \.side).mapValues { $0.compactMap(\.number) }
    #expect(numbers == [.supine: [1, 8, 9, 10, 11, 12, 15, 16, 17], .right: [2, 4, 5, 13], .left: [3, 6, 7, 14]])
  }
}
