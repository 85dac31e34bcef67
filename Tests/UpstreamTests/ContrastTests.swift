import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("Contrast")
struct ContrastTests {
  @Test(
    "The loss and its gradient are PyTorch's, with negatives of all and of the own group",
    arguments: ["all", "grouped"])
  func reference(negatives: String) throws {
    let fixture = Fixture("contrast")
    let (shape, values) = try fixture.floats("vectors")
    let vectors = try Tensor(values, shape: shape)
    try vectors.setRequiresGradient(true)
    let groups = try negatives == "all" ? [Int](repeating: 0, count: 11) : fixture.integers("groups")
    let result = try pairContrast(
      vectors, temperature: 0.2, groups: groups + groups, places: Array(0..<11) + Array(0..<11))
    try result.loss.backward()
    expectClose([Float(try result.loss.item())], try fixture.floats("\(negatives)-loss").values)
    expectClose(
      try #require(try vectors.gradient()).values(), try fixture.floats("\(negatives)-gradient").values,
      relative: 1e-4, absolute: 1e-6)
  }

  @Test("Chance is one among the vectors that a vector is compared with")
  func chance() throws {
    func chance(_ groups: [Int], _ places: [Int]) throws -> Double {
      let vectors = try Tensor.normal([groups.count, 4], generator: Generator(seed: 1))
      return try pairContrast(vectors, temperature: 0.2, groups: groups, places: places).chance
    }
    let each = Array(0..<4) + Array(0..<4)
    #expect(try abs(chance([Int](repeating: 0, count: 8), each) - 1.0 / 7) < 1e-12)
    #expect(try abs(chance([0, 0, 1, 1, 0, 0, 1, 1], each) - 1.0 / 3) < 1e-12)
    // Three pairs of one group and one of another, which is compared with its partner alone.
    expectClose([try chance([0, 0, 0, 1, 0, 0, 0, 1], each)], [0.4])
    // A window drawn twice is not told apart from itself.
    #expect(try abs(chance([Int](repeating: 0, count: 8), [0, 0, 1, 2, 0, 0, 1, 2]) - (4 * 0.2 + 4.0 / 7) / 8) < 1e-12)
  }

  @Test("Vectors that know nothing are as good as chance")
  func randomVectors() throws {
    let generator = try Generator(seed: 4)
    var (sum, chance) = (0.0, 0.0)
    for _ in 0..<50 {
      let groups = (0..<60).map { $0 % 30 / 5 }
      let result = try pairContrast(
        .normal([60, 16], generator: generator), temperature: 0.2, groups: groups, places: Array(0..<30) + Array(0..<30)
      )
      sum += result.metric / 50
      chance = result.chance
    }
    #expect(abs(chance - 1.0 / 9) < 1e-12)
    #expect(abs(sum - chance) < 0.03)
  }

  @Test("Batches are grouped only where pairs or negatives ask for it")
  func grouping() throws {
    func grouping(_ pairs: ContrastTask.Pairs, _ negatives: ContrastTask.Negatives) throws -> BatchGrouping? {
      var options = ContrastTask.Options()
      (options.pairs, options.negatives) = (pairs, negatives)
      return try ContrastTask(ParameterStore(seed: 1).root, options, width: 4).grouping
    }
    #expect(try grouping(.copies, .all) == nil)
    #expect(
      try grouping(.neighbours, .sameSubject)
        == BatchGrouping(unit: .subject, groups: 7, stays: 17, windows: 2, fewestStays: 2))
    #expect(try grouping(.neighbours, .all) == BatchGrouping(unit: .subject, groups: 7, stays: 17, windows: 2))
    #expect(
      try grouping(.copies, .sameRecording)
        == BatchGrouping(unit: .recording, groups: 7, stays: 17, windows: 1, fewestStays: 2))
  }

  @Test("Options out of range are refused")
  func wrongOptions() throws {
    let cases: [((inout ContrastTask.Options) -> Void, String)] = [
      ({ $0.temperature = 0 }, "temperature is 0.0, expected a number above 0"),
      ({ $0.projection = 0 }, "projection is 0, expected at least 1"),
      ({ $0.groups = 0 }, "groups is 0, expected at least 1"),
      ({ $0.stays = 1 }, "stays is 1, expected at least 2: one stay has nothing to differ from"),
      ({ $0.stay.correlation = 1.5 }, "stay.correlation is 1.5, expected a correlation from -1 to 1"),
      ({ $0.stay.minimum = 0 }, "stay.minimum is 0, expected at least 1 window"),
      ({ $0.stay.length = 1 }, "stay.length is 1, expected at least 2 windows: a pair of neighbours"),
    ]
    for (change, message) in cases {
      var options = ContrastTask.Options()
      change(&options)
      let store = try ParameterStore(seed: 1)
      let error = #expect(throws: EncoderError.self) { try ContrastTask(store.root, options, width: 4) }
      #expect(error?.localizedDescription == "contrast: " + message)
    }
  }
}
