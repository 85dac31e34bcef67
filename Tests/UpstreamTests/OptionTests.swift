import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("Options")
struct OptionTests {
  @Test("A wrong option is refused in words")
  func words() throws {
    func refused(_ kind: TaskRecipe.Kind, _ change: (inout TaskRecipe) -> Void) throws -> String {
      var recipe = TaskRecipe(kind)
      change(&recipe)
      let store = try ParameterStore(seed: 1)
      let error = #expect(throws: EncoderError.self) {
        try recipe.make(store.root, encoder: CueEncoder(.border, signalContract))
      }
      return error.map(TestSupport.words) ?? ""
    }
    func contrast(_ change: (inout ContrastTask.Options) -> Void) throws -> String {
      var options = ContrastTask.Options()
      change(&options)
      return try refused(.contrast) { $0.contrast = options }
    }
    func frequency(_ change: (inout FrequencyTask.Options) -> Void) throws -> String {
      var options = FrequencyTask.Options()
      change(&options)
      return try refused(.frequency) { $0.frequency = options }
    }
    #expect(try contrast { $0.temperature = 0 } == "contrast: temperature is 0.0, expected a number above 0")
    #expect(try contrast { $0.temperature = .nan } == "contrast: temperature is nan, expected a number above 0")
    #expect(try contrast { $0.projection = 0 } == "contrast: projection is 0, expected at least 1")
    #expect(try contrast { $0.groups = 0 } == "contrast: groups is 0, expected at least 1")
    #expect(
      try contrast { $0.stays = 1 } == "contrast: stays is 1, expected at least 2: one stay has nothing to differ from")
    #expect(
      try contrast { $0.stay.correlation = 1.5 }
        == "contrast: stay.correlation is 1.5, expected a correlation from -1 to 1")
    #expect(try contrast { $0.stay.minimum = 0 } == "contrast: stay.minimum is 0, expected at least 1 window")
    #expect(
      try contrast { $0.stay.length = 1 }
        == "contrast: stay.length is 1, expected at least 2 windows: a pair of neighbours")
    #expect(
      try frequency { $0.maskFrames = 1 } == "frequency: mask_frames is 1.0, expected a share of at least 0 and below 1"
    )
    #expect(
      try frequency { $0.maskBins = -0.1 } == "frequency: mask_bins is -0.1, expected a share of at least 0 and below 1"
    )
    #expect(
      try frequency { ($0.maskFrames, $0.maskBins) = (0, 0) }
        == "frequency: mask_frames and mask_bins are both 0, expected one above 0: nothing would be hidden")
    #expect(try frequency { $0.bands = 0 } == "frequency: bands is 0, expected at least 1")
  }

  @Test("A recipe's task needs its name alone, and serves the sensors that it can and that are asked for")
  func recipe() throws {
    let recipe = try JSONDecoder().decode(TaskRecipe.self, from: Data(#"{"task": "frequency"}"#.utf8))
    #expect(recipe == TaskRecipe(.frequency))
    #expect(recipe.serves(.respiration) && !recipe.serves(.pressureMap) && !recipe.serves(.activity))
    #expect(!TaskRecipe(.views, sensors: [.ecg]).serves(.respiration))
    #expect(Sensor.allCases.allSatisfy { TaskRecipe(.views).serves($0) && TaskRecipe(.contrast).serves($0) })
  }

  @Test("The effective rank is the exponential of the entropy of the singular values")
  func effectiveRanks() throws {
    // Centred, with columns at right angles of lengths 3 and 1: shares of 3/4 and 1/4.
    let vectors: [Float] = [1.5, 0.5, 1.5, -0.5, -1.5, 0.5, -1.5, -0.5]
    let entropy = -(0.75 * log(0.75) + 0.25 * log(0.25))
    expectClose([try effectiveRank(Tensor(vectors, shape: [4, 2]))], [exp(entropy)], relative: 1e-5)
    // The mean is no dimension.
    expectClose([try effectiveRank(Tensor(vectors.map { $0 + 7 }, shape: [4, 2]))], [exp(entropy)], relative: 1e-5)
    #expect(try effectiveRank(Tensor([2, 3, 2, 3, 2, 3], shape: [3, 2])) == 1)
    let line = try effectiveRank(Tensor([1, 2, 2, 4, 3, 6], shape: [3, 2]))
    #expect(abs(line - 1) < 1e-4)
  }
}
