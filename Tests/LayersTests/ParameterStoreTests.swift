import Layers
import Tensors
import TestSupport
import Testing

@Suite("Parameter store")
struct ParameterStoreTests {
  @Test("Names are PyTorch's, in the order in which layers were made")
  func names() throws {
    let store = try ParameterStore(seed: 1)
    _ = try Linear(store.root("encoder")("blocks")(0), inputs: 3, outputs: 2)
    _ = try BatchNorm(store.root("norm"), channels: 2)
    _ = try Recurrent(store.root("rnn"), .gru, inputs: 2, hiddenSize: 1)
    #expect(
      store.entries.map(\.name) == [
        "encoder.blocks.0.weight", "encoder.blocks.0.bias", "norm.weight", "norm.bias", "norm.running_mean",
        "norm.running_var", "norm.num_batches_tracked", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0",
        "rnn.bias_hh_l0", "rnn.weight_ih_l0_reverse", "rnn.weight_hh_l0_reverse", "rnn.bias_ih_l0_reverse",
        "rnn.bias_hh_l0_reverse",
      ])
    #expect(store.parameters(under: "norm.").count == 2)
    #expect(store.parameterCount == 8 + 4 + 2 * (6 + 3 + 3 + 3))
    #expect(store["norm.running_var"]?.requiresGradient == false)
    #expect(store["norm.weight"]?.requiresGradient == true)
    #expect(store["norm"] == nil)
  }

  @Test("A name used twice is refused")
  func usedTwice() throws {
    let store = try ParameterStore(seed: 1)
    _ = try Linear(store.root("head"), inputs: 3, outputs: 2)
    let error = #expect(throws: ParameterError.self) { try Linear(store.root("head"), inputs: 3, outputs: 2) }
    #expect(words(of: try #require(error)) == "the parameter name 'head.weight' is used twice")
  }

  @Test("Layers of impossible sizes are refused")
  func impossible() throws {
    let store = try ParameterStore(seed: 1)
    let heads = #expect(throws: TensorError.self) { try MultiHeadAttention(store.root, width: 8, heads: 3) }
    #expect(words(of: try #require(heads)) == "a width of 8 cannot be shared by 3 heads: expected a multiple")
    let layers = #expect(throws: TensorError.self) {
      try Recurrent(store.root, .lstm, inputs: 2, hiddenSize: 4, layers: -1)
    }
    #expect(
      words(of: try #require(layers)) == "a recurrent network of -1 layers of 4, expected at least 1 of each")
    let norm = try BatchNorm(store.root, channels: 3)
    let single = #expect(throws: TensorError.self) {
      try norm(.ones([1, 3, 1]), .training(Generator(seed: 1)))
    }
    #expect(
      words(of: try #require(single))
        == "a tensor of shape [1, 3, 1], expected more than one value a channel to normalise in training")
    #expect(try norm(.ones([1, 3, 1]), .inference).isFinite())
  }

  @Test("Frozen parameters gather no gradient, by prefix")
  func trainable() throws {
    let store = try ParameterStore(seed: 1)
    let encoder = try Linear(store.root("encoder"), inputs: 3, outputs: 3)
    let head = try Linear(store.root("head"), inputs: 3, outputs: 2)
    func gradients() throws -> [Bool] {
      try store.clearGradients()
      try head(encoder(.ones([1, 3]))).sum().backward()
      return try store.parameters().map { try $0.gradient() != nil }
    }
    #expect(try gradients() == [true, true, true, true])
    #expect(try store.train(.all.but(["encoder.", "nothing."])).map(\.name) == ["head.weight", "head.bias"])
    #expect(try gradients() == [false, false, true, true])
    #expect(try store.train(Trainable { $0.hasSuffix("weight") }.but(["head."])).map(\.name) == ["encoder.weight"])
    #expect(try gradients() == [true, false, false, false])
    #expect(try store.train(.none).isEmpty && !head(encoder(.ones([1, 3]))).requiresGradient)
    #expect(try store.train(.all).count == 4 && gradients() == [true, true, true, true])
  }

  @Test("A snapshot is a copy, and restoring it brings back parameters and buffers")
  func snapshot() throws {
    let store = try ParameterStore(seed: 1)
    let norm = try BatchNorm(store.root("norm"), channels: 3)
    let before = try store.entries.map { try $0.tensor.values(Double.self) }
    let snapshot = try store.snapshot()
    let loss = try norm(.normal([8, 3], generator: Generator(seed: 2)), .training(Generator(seed: 1))).power(3).sum()
    try loss.backward()
    try Optimizer(.adam(), [.init(store.parameters())]).step(learningRate: 0.1)
    let after = try store.entries.map { try $0.tensor.values(Double.self) }
    #expect(zip(before, after).allSatisfy { $0 != $1 })
    try store.restore(snapshot)
    #expect(try store.entries.map { try $0.tensor.values(Double.self) } == before)
    #expect(store.entries.allSatisfy { $0.tensor.requiresGradient == ($0.kind == .parameter) })
  }

  @Test("First values are drawn within PyTorch's bounds, and are the same for a seed")
  func initializers() throws {
    func weights(_ seed: UInt64) throws -> [Float] {
      try Linear(ParameterStore(seed: seed).root, inputs: 16, outputs: 500)(.identity(16)).values(Float.self)
    }
    let values = try weights(4)
    #expect(values == (try weights(4)))
    #expect(values != (try weights(5)))
    let store = try ParameterStore(seed: 3)
    let cases: [(Initializer, ClosedRange<Float>, deviation: Double)] = [
      (.fanIn(16), -0.25...0.25, 0.25 / 3.0.squareRoot()),
      (.glorot(fanIn: 10, fanOut: 14), -0.5...0.5, 0.5 / 3.0.squareRoot()),
      (.uniform(bound: 2), -2...2, 2 / 3.0.squareRoot()), (.normal(deviation: 3), -20...20, 3),
      (.constant(1.5), 1.5...1.5, 0), (.zeros, 0...0, 0), (.ones, 1...1, 0),
    ]
    for (index, (initializer, range, deviation)) in cases.enumerated() {
      let tensor = try store.root("p")(index).parameter("weight", [100, 100], initializer)
      #expect(try tensor.values(Float.self).allSatisfy(range.contains))
      let found = try tensor.detach().to(.float64).variance([0, 1]).item().squareRoot()
      expectClose([found], [deviation], relative: 0.03, absolute: 1e-9)
    }
  }
}
