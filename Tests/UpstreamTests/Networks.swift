import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Testing
import Upstream

/// A small network of one sensor, a task on it, and the random numbers of a test.
struct TaskOnNetwork {
  let store: ParameterStore
  let network: PretextNetwork
  let task: any WindowTask
  var random = RandomSource(seed: 1)
  let mode: Mode

  init(_ recipe: TaskRecipe, _ contracts: WindowContract..., isTraining: Bool = true) throws {
    store = try ParameterStore(seed: 1)
    let encoder = EncoderRecipe(SharedEncoder.self) {
      $0.width = 8
      ($0.map.channels, $0.signal.channels) = ([4], [4])
    }
    network = try PretextNetwork(store, encoder: encoder, inputs: contracts)
    task = try #require(recipe.make(store.root("task"), network) as? any WindowTask)
    mode = isTraining ? .training(try Generator(seed: 1)) : .inference
  }

  mutating func callAsFunction(_ windows: PretextWindows) throws -> PretextResult {
    try task(windows, network.encoder, &random, mode)
  }

  /// What a recipe with these options is refused with.
  static func refusal(_ recipe: TaskRecipe) -> String {
    let error = #expect(throws: EncoderError.self) { try TaskOnNetwork(recipe, signalContract) }
    return error?.localizedDescription ?? ""
  }
}
