import Layers
import Tensors
import TestSupport
import Testing

@Suite("Batch norm")
struct BatchNormTests {
  @Test("What passes aside is normalised by its own batch, and leaves running statistics as they are")
  func aside() throws {
    let store = try ParameterStore(seed: 1)
    let norm = try BatchNorm(store.root("norm"), channels: 1)
    let training = Mode.training(try Generator(seed: 1))
    func running() throws -> [Float] {
      try ["running_mean", "running_var"].flatMap { try #require(store["norm.\($0)"]).values(Float.self) }
    }
    let batch = try Tensor([2, 4, 6, 8] as [Float], shape: [4, 1])
    let before = try running()
    let aside = try norm(batch, training.aside).values(Float.self)
    #expect(try running() == before)
    #expect(try norm(batch, training).values(Float.self) == aside)
    // Mean 5 and variance 20/3, at a tenth.
    expectClose(try running().map(Double.init), [0.5, 0.9 + 2.0 / 3], relative: 1e-6)
    #expect(!Mode.inference.aside.isTraining)
  }
}
