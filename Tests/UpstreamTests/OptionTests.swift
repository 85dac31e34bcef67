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
    func refused(_ recipe: TaskRecipe) throws -> String {
      let store = try ParameterStore(seed: 1)
      let error = #expect(throws: EncoderError.self) {
        try recipe.make(store.root, PretextNetwork(store, encoder: CueEncoder(.border, signalContract)))
      }
      return error.map(TestSupport.words) ?? ""
    }
    func contrast(_ change: (inout ContrastTask.Options) -> Void) throws -> String {
      try refused(TaskRecipe(ContrastTask.self, change))
    }
    func frequency(_ change: (inout FrequencyTask.Options) -> Void) throws -> String {
      try refused(TaskRecipe(FrequencyTask.self, change))
    }
    #expect(
      try contrast { $0.temperature = .nan }
        == "contrast: 'temperature' is nan, expected a number above 0 and at most 1000")
    #expect(
      try contrast { $0.pairs.stay.length = 1 }
        == "contrast: 'pairs.stay.length' is 1, expected a whole number from 2 to 1000000")
    #expect(
      try frequency { $0.maskBins = -0.1 } == "frequency: 'mask_bins' is -0.1, expected a number from 0 to below 1")
    #expect(
      try frequency { ($0.maskFrames, $0.maskBins) = (0, 0) }
        == "frequency: 'mask_frames' is 0, and so is 'mask_bins', expected one above 0: nothing would be hidden")
    #expect(try frequency { $0.bands = 0 } == "frequency: 'bands' is 0, expected a whole number from 1 to 1000")
  }

  @Test("A task serves the sensors that it can and that are asked for")
  func recipe() throws {
    let recipe = TaskRecipe(MadeUpSpectraTask.self)
    #expect(recipe.serves(.respiration) && !recipe.serves(.pressureMap) && !recipe.serves(.activity))
    #expect(!TaskRecipe(ViewsTask.self, sensors: [.ecg]).serves(.respiration))
    #expect(
      Sensor.allCases.allSatisfy { TaskRecipe(ViewsTask.self).serves($0) && TaskRecipe(ContrastTask.self).serves($0) })
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
