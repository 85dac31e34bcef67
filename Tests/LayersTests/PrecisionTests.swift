import Layers
import Tensors
import TestSupport
import Testing

/// The network of `Fixtures/autocast`.
private struct Network {
  let store: ParameterStore
  private let conv: Convolution1D
  private let norm: BatchNorm
  private let layer: LayerNorm
  private let attention: MultiHeadAttention
  private let lstm: Recurrent
  private let gru: Recurrent
  private let output: Linear

  init() throws {
    store = try ParameterStore(seed: 1)
    let root = store.root
    conv = try Convolution1D(root("conv"), inputs: 2, outputs: 8, kernel: 5, padding: 2, bias: false)
    norm = try BatchNorm(root("norm"), channels: 8)
    layer = try LayerNorm(root("layer"), width: 8)
    attention = try MultiHeadAttention(root("attention"), width: 8, heads: 2)
    lstm = try Recurrent(root("lstm"), .lstm, inputs: 8, hiddenSize: 6)
    gru = try Recurrent(root("gru"), .gru, inputs: 12, hiddenSize: 6)
    output = try Linear(root("output"), inputs: 12, outputs: 3)
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    try Precision.forward(on: x.device) {
      let x = try norm(conv(x), .training(Generator(seed: 1))).relu().maxPool1d(4).transposed(1, 2)
      return try output(gru(lstm(x + attention(layer(x)))))
    }
  }
}

@Suite("Precision")
struct PrecisionTests {
  /// One step by the weights, inputs and classes of the reference.
  private func step(_ precision: Precision, _ reference: Reference) throws -> (Network, output: Tensor, loss: Tensor) {
    let network = try Network()
    try LibTorch.withoutGradients {
      for entry in network.store.entries { try entry.tensor.assign(reference.tensor("parameter." + entry.name)) }
    }
    let (output, loss) = try precision.inStep {
      let output = try network(reference.tensor("input"))
      return (output, try output.reshaped([-1, 3]).crossEntropy(reference.tensor("classes")))
    }
    try loss.backward()
    return (network, output, loss)
  }

  @Test(
    "A step in bfloat16 and in float32: output, loss, gradients and running statistics are those of torch.autocast",
    arguments: zip(Precision.allCases, ["float32.", ""]))
  func agrees(precision: Precision, prefix: String) throws {
    let reference = try Reference("autocast", in: "autocast")
    let (network, output, loss) = try step(precision, reference)
    #expect(output.dtype == .float32 && loss.dtype == .float32)
    // A number of bfloat16 has 8 bits; sums of rounded terms, in another order, are off by a few of the last one's.
    let relative = precision == .float32 ? 1e-5 : 8 / 256.0
    try reference.expect(output, is: prefix + "output", relative: relative)
    try reference.expect(loss, is: prefix + "loss", relative: relative)
    for entry in network.store.entries {
      #expect(entry.tensor.dtype == .float32 || entry.name.hasSuffix("num_batches_tracked"))
      guard entry.kind == .parameter else {
        try reference.expect(entry.tensor, is: "\(prefix)after.\(entry.name)", relative: relative)
        continue
      }
      let gradient = try #require(try entry.tensor.gradient())
      #expect(gradient.dtype == .float32)
      try reference.expect(gradient, is: "\(prefix)gradient.\(entry.name)", relative: relative)
    }
  }

  @Test("A step in bfloat16 is near to one in float32, and another")
  func near() throws {
    let reference = try Reference("autocast", in: "autocast")
    let (half, whole) = (try step(.bfloat16, reference), try step(.float32, reference))
    let pairs = try zip(half.output.detach().values(Float.self), whole.output.detach().values(Float.self))
    #expect(pairs.allSatisfy { abs($0 - $1) < 0.05 } && pairs.contains { abs($0 - $1) > 1e-4 })
    #expect(abs(try half.loss.item() - whole.loss.item()) < 0.01)
    // What left the network had 8 bits.
    #expect(try half.output.detach().to(.bfloat16).to(.float32).values(Float.self) == half.output.values(Float.self))
  }

  @Test("Layers are of bfloat16 within a forward pass of a step alone, and then as they were before")
  func places() throws {
    let store = try ParameterStore(seed: 1)
    let linear = try Linear(store.root("linear"), inputs: 4, outputs: 2)
    let conv = try Convolution1D(store.root("conv"), inputs: 4, outputs: 2, kernel: 1)
    let x = try Tensor.normal([3, 4], generator: Generator(seed: 1))
    let plain = try linear(x).values(Float.self)
    var types: [DType] = []
    func note() throws -> Tensor {
      types += [try linear(x).dtype, try conv(x.unsqueezed(2)).dtype, try x.matmul(x.transposed(0, 1)).dtype]
      return try linear(x)
    }
    #expect(try Precision.forward(on: .cpu, note).values(Float.self) == plain)
    #expect(types == [.float32, .float32, .float32])
    try Precision.bfloat16.inStep {
      types = []
      _ = try note()
      #expect(types == [.float32, .float32, .float32])
      types = []
      let inside = try Precision.forward(on: .cpu) { try Precision.forward(on: .cpu, note) }
      #expect(types == [.bfloat16, .bfloat16, .bfloat16] && inside.dtype == .float32)
      #expect(try inside.values(Float.self) != plain)
      // An inner pass leaves the outer one as it is.
      types = []
      _ = try Precision.forward(on: .cpu) {
        _ = try Precision.forward(on: .cpu) { x }
        return try note()
      }
      #expect(types == [.bfloat16, .bfloat16, .bfloat16])
      types = []
      _ = try Precision.forward(on: .cpu) {
        #expect(try LibTorch.withoutAutocast(on: .cpu) { try linear(x).dtype } == .float32)
        return try note()
      }
      #expect(types == [.bfloat16, .bfloat16, .bfloat16])
      let kept = try Precision.float32.inStep { try Precision.forward(on: .cpu) { try linear(x) } }
      #expect(try kept.values(Float.self) == plain)
    }
    #expect(throws: TensorError.self) {
      try Precision.bfloat16.inStep { try Precision.forward(on: .cpu) { try x.matmul(x) } }
    }
    #expect(try linear(x).values(Float.self) == plain)
  }

  @Test("The second step is of the weights that the first one left: no cast of theirs is kept")
  func weightsMove() throws {
    let store = try ParameterStore(seed: 1)
    let linear = try Linear(store.root("linear"), inputs: 4, outputs: 2)
    let x = try Tensor.ones([1, 4])
    func read() throws -> [Float] {
      try Precision.bfloat16.inStep { try Precision.forward(on: .cpu) { try linear(x) } }.values(Float.self)
    }
    let before = try read()
    try LibTorch.withoutGradients { for entry in store.entries { try entry.tensor.scale(by: 2) } }
    expectClose(try read(), before.map { 2 * $0 }, relative: 0.02)
  }
}
