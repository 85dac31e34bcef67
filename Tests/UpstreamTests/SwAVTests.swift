import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("SwAV")
struct SwAVTests {
  private let fixture = Fixture("swav")

  private func likeness() throws -> Tensor {
    try Tensor(fixture.floats("likeness").values, shape: [24, 5])
  }

  private func codes(
    _ likeness: Tensor, groups: [Int], iterations: Int = 3
  ) throws -> (loss: Tensor, codes: [[Double]]) {
    try swappedCodes(likeness, groups: groups, temperature: 0.1, sharpness: 0.05, iterations: iterations)
  }

  @Test("Codes, loss and gradient are lightly's")
  func reference() throws {
    let student = try likeness()
    try student.setRequiresGradient(true)
    let found = try codes(student, groups: [Int](repeating: 0, count: 24))
    expectClose(
      found.codes.flatMap { $0.map(Float.init) }, try fixture.floats("codes").values, relative: 1e-3, absolute: 1e-5)
    expectClose([Float(try found.loss.item())], try fixture.floats("loss").values, relative: 1e-4)
    try found.loss.backward()
    let gradient = try #require(try student.gradient())
    expectClose(try gradient.values(), try fixture.floats("gradient").values, relative: 1e-3, absolute: 1e-6)
  }

  @Test("Each group uses all prototypes alike, whatever the others do")
  func groups() throws {
    let found = try codes(likeness(), groups: (0..<24).map { $0 % 12 < 5 ? 0 : 1 }, iterations: 200).codes
    for members in [0..<5, 5..<12, 12..<17, 17..<24] {
      for prototype in 0..<5 {
        let share = members.reduce(0) { $0 + found[$1][prototype] }
        #expect(abs(share - Double(members.count) / 5) < 1e-3)
      }
    }
    let alone = try codes(
      Tensor(
        (0..<5).flatMap { row in try likeness().select(0, row).values(Float.self) }
          + (12..<17).flatMap { row in try likeness().select(0, row).values(Float.self) }, shape: [10, 5]),
      groups: [Int](repeating: 0, count: 10), iterations: 200
    ).codes
    for (row, code) in zip([0, 1, 2, 3, 4, 12, 13, 14, 15, 16], alone) {
      #expect(zip(found[row], code).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }

  @Test("Who it is tells nothing where each subject uses all prototypes alike, and everything where the batch does")
  func subjects() throws {
    // Three people, and a model that sees who it is and nothing else.
    let people = (0..<12).map { $0 % 3 }
    let likeness = try Tensor(
      people.flatMap { person in (0..<3).map { $0 == person ? Float(1) : -1 } }, shape: [12, 3])
    let together = try codes(likeness, groups: [Int](repeating: 0, count: 12))
    let apart = try codes(likeness, groups: people, iterations: 100)
    #expect(try together.loss.item() < 0.01)
    #expect(apart.codes.allSatisfy { $0.allSatisfy { abs($0 - 1.0 / 3) < 1e-6 } })
    #expect(try apart.loss.item() > 10)
  }

  @Test("Batches are of subjects where shares are, and of any windows where they are of the batch")
  func batches() throws {
    let subject = try TaskOnNetwork(TaskRecipe(SwAVTask.self) { $0.shares = .sameSubject }, mapContract)
    let grouping = try #require(subject.task.grouping)
    #expect(grouping.unit == .subject && grouping.windows == 1 && grouping.fewestStays == 2)
    #expect(try TaskOnNetwork(TaskRecipe(SwAVTask.self), mapContract).task.grouping == nil)
  }

  @Test("Options that cannot be are refused in words")
  func refusals() {
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(SwAVTask.self) { $0.sharpness = 0 })
        == "swav: 'sharpness' is 0.0, expected a number from 0.005 to 1000")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(SwAVTask.self) { $0.prototypes = 1 })
        == "swav: 'prototypes' is 1, expected a whole number from 2 to 65536")
  }
}
