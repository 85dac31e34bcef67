import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training
import Upstream

@Suite("Contrast")
struct ContrastTests {
  private func task(
    _ options: ContrastTask.Options, _ store: ParameterStore? = nil, _ encoder: (any Encoder)? = nil
  ) throws -> ContrastTask {
    let store = try store ?? ParameterStore(seed: 1)
    return try ContrastTask(
      store.root, options, PretextNetwork(store, encoder: encoder ?? CueEncoder(.border, signalContract)),
      inputs: [signalContract])
  }

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
    func grouping(_ pairs: PairOptions.Kind, _ negatives: ContrastTask.Negatives) throws -> BatchGrouping? {
      var options = ContrastTask.Options()
      (options.pairs.of, options.negatives) = (pairs, negatives)
      return try task(options).grouping
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
      ({ $0.temperature = 0 }, "'temperature' is 0.0, expected a number above 0 and at most 1000"),
      ({ $0.projection = 0 }, "'projection' is 0, expected a whole number from 1 to 65536"),
      ({ $0.pairs.groups = 0 }, "'pairs.groups' is 0, expected a whole number from 1 to 4096"),
      ({ $0.pairs.stays = 1 }, "'pairs.stays' is 1, expected a whole number from 2 to 4096"),
      ({ $0.pairs.stay.correlation = 1.5 }, "'pairs.stay.correlation' is 1.5, expected a number from -1 to 1"),
      ({ $0.pairs.stay.minimum = 0 }, "'pairs.stay.minimum' is 0, expected a whole number from 1 to 1000000"),
      ({ $0.pairs.stay.length = 1 }, "'pairs.stay.length' is 1, expected a whole number from 2 to 1000000"),
    ]
    for (change, message) in cases {
      let store = try ParameterStore(seed: 1)
      let error = #expect(throws: EncoderError.self) {
        try TaskRecipe(ContrastTask.self, change).make(
          store.root, PretextNetwork(store, encoder: CueEncoder(.border, signalContract)))
      }
      #expect(error?.localizedDescription == "contrast: " + message)
    }
  }

  /// Gives vectors that were made beforehand, and keeps the windows that it is given.
  private final class Oracle: Encoder {
    let inputs: [WindowContract]
    let vectors: Tensor
    var seen: [Float] = []
    var width: Int { vectors.shape[1] }

    init(_ contract: WindowContract, _ vectors: Tensor) { (inputs, self.vectors) = ([contract], vectors) }

    func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
      seen = try windows.values()
      return try vectors.unsqueezed(1)
    }
  }

  @Test("The task's loss is at the temperature that it is asked for", arguments: [0.2, 0.7])
  func temperature(_ temperature: Double) throws {
    let encoder = Oracle(signalContract, try .uniform([12, 5], generator: Generator(seed: 3)))
    var options = ContrastTask.Options()
    (options.temperature, options.projection) = (temperature, 5)
    let store = try ParameterStore(seed: 1)
    let task = try task(options, store, encoder)
    for entry in store.entries {
      try LibTorch.withoutGradients {
        try entry.tensor.assign(entry.name.hasSuffix("weight") ? .identity(5) : .zeros(entry.tensor.shape))
      }
    }
    var random = RandomSource(seed: 1)
    let result = try task(Windows.noise(signalContract, 6, &random), encoder, &random, .inference)
    let expected = try pairContrast(
      encoder.vectors, temperature: temperature, groups: [Int](repeating: 0, count: 12),
      places: Array(0..<6) + Array(0..<6))
    expectClose([try result.loss.item()], [try expected.loss.item()], relative: 1e-5)
  }

  @Test("Of each subject all maps are mirrored or none, in both copies")
  func mirrored() throws {
    let contract = WindowContract(sensor: .pressureMap, channels: [], shape: [4, 3], sampleRateHz: nil)
    let encoder = Oracle(contract, try .uniform([48, 5], generator: Generator(seed: 3)))
    var options = ContrastTask.Options()
    (
      options.pairs.map.shiftRows, options.pairs.map.shiftColumns, options.pairs.map.scale,
      options.pairs.map.rotateDegrees
    ) = (0, 0, 0, 0)
    (options.pairs.map.gain, options.pairs.map.gamma, options.pairs.map.noise) = (0, 0, 0)
    var random = RandomSource(seed: 2)
    let plain = Windows.noise(contract, 24, &random)
    let subjects = (0..<24).map { $0 / 3 }
    let windows = PretextWindows(contract: contract, count: 24, values: plain.values, subjects: subjects)
    let task = try task(options, ParameterStore(seed: 1), encoder)
    _ = try task(windows, encoder, &random, .inference)
    func distance(_ row: Int, mirrored: Bool) -> Float {
      var greatest: Float = 0
      for place in 0..<12 {
        let (line, column) = (place / 3, place % 3)
        let source = row % 24 * 12 + line * 3 + (mirrored ? 2 - column : column)
        greatest = max(greatest, abs(encoder.seen[row * 12 + place] - plain.values[source]))
      }
      return greatest
    }
    var turned: [Int: Set<Bool>] = [:]
    for row in 0..<48 {
      let (straight, mirrored) = (distance(row, mirrored: false), distance(row, mirrored: true))
      #expect(min(straight, mirrored) < 1e-3)
      turned[subjects[row % 24], default: []].insert(mirrored < straight)
    }
    #expect(turned.values.allSatisfy { $0.count == 1 })
    #expect(Set(turned.values.flatMap { $0 }).count == 2)
  }
}
