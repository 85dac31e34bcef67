import Foundation
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Training steps")
struct TrainingStepTests {
  /// Fifty steps of a convolution, an LSTM, dropout and AdamW; the weights' bytes.
  func train(seed: UInt64) throws -> [[Float]] {
    let store = try ParameterStore(seed: seed)
    let convolution = try Convolution1D(store.root("conv"), inputs: 2, outputs: 16, kernel: 7, padding: 3)
    let norm = try BatchNorm(store.root("norm"), channels: 16)
    let recurrent = try Recurrent(store.root("rnn"), .lstm, inputs: 16, hiddenSize: 12)
    let output = try Linear(store.root("output"), inputs: 24, outputs: 3)
    let optimizer = Optimizer(.adamW(), [.init(store.parameters())])
    let generator = try Generator(seed: seed)
    let classes = try Tensor((0..<16 * 16).map { Int64($0 % 3) })
    for _ in 0..<50 {
      let x = try Tensor.normal([16, 2, 128], generator: generator)
      let mode = Mode.training(generator)
      let features = try norm(convolution(x), mode).relu().maxPool1d(8).transposed(1, 2).dropout(0.2, mode)
      let loss = try output(recurrent(features)).reshaped([-1, 3]).crossEntropy(classes)
      try store.clearGradients()
      try loss.backward()
      try clipGradients(of: store.parameters(), to: 1)
      try optimizer.step(learningRate: 1e-2)
    }
    return try store.entries.map { try $0.tensor.detach().values(Float.self) }
  }

  @Test("One seed gives bit-identical weights after 50 steps", arguments: [1, 2])
  func identical(threads: Int) throws {
    let were = LibTorch.threads
    LibTorch.threads = threads
    defer { LibTorch.threads = were }
    let weights = try train(seed: 7)
    #expect(weights.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(try train(seed: 7) == weights)
    #expect(try train(seed: 8) != weights)
  }

  @Test("Dropout zeroes its share, keeps the mean, passes its mask to the gradient, and rests in inference")
  func dropout() throws {
    let x = try Tensor.ones([200, 500])
    try x.setRequiresGradient(true)
    let y = try x.dropout(0.3, .training(Generator(seed: 5)))
    try y.sum().backward()
    let values = try y.detach().values(Float.self)
    let zeros = values.count { $0 == 0 }
    #expect(abs(Double(zeros) / 1e5 - 0.3) < 0.006)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
    #expect(try x.gradient()?.values(Float.self) == values)
    #expect(try x.dropout(0.3, .inference) === x)
    #expect(try x.dropout(0, .training(Generator(seed: 5))) === x)
    #expect(try x.dropout(1, .training(Generator(seed: 5))).detach().values(Float.self).allSatisfy { $0 == 0 })
  }

  @Test("Attention leaves out weights in training alone, as the generator draws them, and masked places stay out")
  func attentionDropout() throws {
    let store = try ParameterStore(seed: 4)
    let dropping = try MultiHeadAttention(store.root("attention"), width: 8, heads: 2, dropout: 0.4)
    let x = try Tensor.normal([2, 5, 8], generator: Generator(seed: 1))
    let valid = try Tensor([true, true, true, true, true, true, true, true, false, false], shape: [2, 5])
    let whole = try dropping(x, valid: valid, .inference)
    func step(_ seed: UInt64) throws -> Tensor { try dropping(x, valid: valid, .training(Generator(seed: seed))) }
    #expect(try step(7).values(Float.self) == step(7).values(Float.self))
    #expect(try step(7).values(Float.self) != step(8).values(Float.self))
    // The mean of many draws is what is read without.
    let draws = try (0..<2000).map { try step(UInt64($0 + 100)) }
    expectClose(
      try Tensor.stack(draws).mean([0]).values(Float.self), try whole.values(Float.self), absolute: 0.06)
    // What is masked has no say: other values there change nothing at the other places.
    let changed = try Tensor.concatenate([x.narrowed(1, 0..<3), x.narrowed(1, 3..<5) * 9], axis: 1)
    func firstOfSecond(_ x: Tensor) throws -> [Float] {
      try dropping(x, valid: valid, .training(Generator(seed: 7))).narrowed(0, 1..<2).narrowed(1, 0..<3)
        .values(Float.self)
    }
    #expect(try firstOfSecond(changed) == firstOfSecond(x))
  }

  @Test("Rows are normalised whatever their mean, and masked places do not matter to attention")
  func properties() throws {
    let store = try ParameterStore(seed: 2)
    let norm = try LayerNorm(store.root("norm"), width: 8)
    let x = try Tensor.normal([4, 8], generator: Generator(seed: 3))
    expectClose(
      try norm(x * 3 + 7).detach().values(Float.self), try norm(x).detach().values(Float.self), relative: 1e-3,
      absolute: 1e-4)
    let attention = try MultiHeadAttention(store.root("attention"), width: 8, heads: 2)
    let sequence = try Tensor.normal([1, 5, 8], generator: Generator(seed: 4))
    let valid = try Tensor([true, true, true, false, false], shape: [1, 5])
    let cut = try attention(sequence.narrowed(1, 0..<3)).detach().values(Float.self)
    expectClose(
      try attention(sequence, valid: valid).narrowed(1, 0..<3).detach().values(Float.self), cut, relative: 1e-4)
  }
}
