import Layers
import Tensors
import TestSupport
import Testing

/// A layer or function of PyTorch's, as it is made and called here.
struct LayerCase: CustomTestStringConvertible, Sendable {
  let name: String
  /// Makes the layer's parameters and applies it, so that a new name or shape is seen when they are loaded.
  let make: @Sendable (Scope) throws -> ([Tensor], Mode) throws -> Tensor
  var training = false

  var testDescription: String { name }

  init(
    _ name: String, training: Bool = false,
    layer make: @escaping @Sendable (Scope) throws -> ([Tensor], Mode) throws -> Tensor
  ) {
    self.name = name
    self.make = make
    self.training = training
  }

  init(_ name: String, _ function: @escaping @Sendable ([Tensor]) throws -> Tensor) {
    self.init(name) { _ in { inputs, _ in try function(inputs) } }
  }
}

@Suite("Layers as PyTorch computes them")
struct LayerReferenceTests {
  @Test("Values, gradients of inputs and parameters, and running statistics", arguments: layers + functions + losses)
  func agrees(layer: LayerCase) throws {
    let reference = try Reference.layers.get()
    let prefix = layer.name + "/"
    let store = try ParameterStore(seed: 1)
    let forward = try layer.make(store.root)
    try reference.load(store, under: prefix + "parameter.")
    let inputs = try reference.names(under: prefix + "input.").map { try reference.tensor(prefix + "input." + $0) }
    for (index, input) in inputs.enumerated() where reference.file.entries[prefix + "gradient.input.\(index)"] != nil {
      try input.setRequiresGradient(true)
    }
    let output = try forward(inputs, layer.training ? .training(Generator(seed: 1)) : .inference)
    try (output * reference.tensor(prefix + "weights")).sum().backward()

    try reference.expect(output, is: prefix + "output")
    for (index, input) in inputs.enumerated() where input.requiresGradient {
      try reference.expect(input.gradient(), is: prefix + "gradient.input.\(index)")
    }
    for entry in store.entries {
      switch entry.kind {
      case .parameter: try reference.expect(entry.tensor.gradient(), is: prefix + "gradient." + entry.name)
      case .buffer: try reference.expect(entry.tensor, is: prefix + "after." + entry.name)
      }
    }
  }

  @Test("Every case of the reference is tested")
  func complete() throws {
    let reference = try Reference.layers.get()
    let cases = Set(reference.file.entries.keys.map { String($0.prefix { $0 != "/" }) })
    #expect(cases == Set((Self.layers + Self.functions + Self.losses).map(\.name)))
  }

  static let layers = [
    LayerCase("linear") { scope in
      let layer = try Linear(scope, inputs: 5, outputs: 4)
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("linear without bias") { scope in
      let layer = try Linear(scope, inputs: 5, outputs: 4, bias: false)
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("conv1d") { scope in
      let layer = try Convolution1D(scope, inputs: 3, outputs: 4, kernel: 5)
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("conv1d strided, padded, dilated, grouped") { scope in
      let layer = try Convolution1D(
        scope, inputs: 4, outputs: 6, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 2)
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("conv1d depthwise without bias") { scope in
      let layer = try Convolution1D(scope, inputs: 4, outputs: 4, kernel: 3, padding: 1, groups: 4, bias: false)
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("conv2d") { scope in
      let layer = try Convolution2D(scope, inputs: 2, outputs: 3, kernel: [3, 3], padding: [1, 1])
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("conv2d strided, oblong, grouped") { scope in
      let layer = try Convolution2D(
        scope, inputs: 4, outputs: 4, kernel: [3, 5], stride: [2, 1], padding: [1, 2], groups: 2)
      return { x, _ in try layer(x[0]) }
    },
    batchNorm("batch norm of samples, training", training: true),
    batchNorm("batch norm of features, training", training: true, momentum: 0.3, epsilon: 1e-3),
    batchNorm("batch norm of maps, training", training: true),
    batchNorm("batch norm of samples, inference", training: false),
    LayerCase("layer norm") { scope in
      let layer = try LayerNorm(scope, width: 6)
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("group norm") { scope in
      let (weight, bias) = (try scope.parameter("weight", [4], .ones), try scope.parameter("bias", [4], .zeros))
      return { x, _ in try x[0].groupNorm(2, weight: weight, bias: bias) }
    },
    recurrent("lstm forwards", .lstm, hiddenSize: 5),
    recurrent("lstm both ways, two layers", .lstm, hiddenSize: 3, layers: 2, bidirectional: true),
    recurrent("gru forwards", .gru, hiddenSize: 5),
    recurrent("gru both ways, two layers", .gru, hiddenSize: 3, layers: 2, bidirectional: true),
    LayerCase("attention") { scope in
      let layer = try MultiHeadAttention(scope, width: 8, heads: 2)
      return { x, _ in try layer(x[0]) }
    },
    LayerCase("attention with a mask") { scope in
      let layer = try MultiHeadAttention(scope, width: 8, heads: 4)
      return { x, _ in try layer(x[0], valid: x[1]) }
    },
    transformer(.relu),
    transformer(.gelu),
  ]

  static func batchNorm(
    _ name: String, training: Bool, momentum: Double = 0.1, epsilon: Double = 1e-5
  ) -> LayerCase {
    LayerCase(name, training: training) { scope in
      let layer = try BatchNorm(scope, channels: 3, momentum: momentum, epsilon: epsilon)
      return { x, mode in try layer(x[0], mode) }
    }
  }

  static func recurrent(
    _ name: String, _ cell: Recurrent.Cell, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false
  ) -> LayerCase {
    LayerCase(name) { scope in
      let layer = try Recurrent(
        scope, cell, inputs: 4, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional)
      return { x, _ in try layer(x[0]) }
    }
  }

  static func transformer(_ activation: TransformerBlock.Activation) -> LayerCase {
    LayerCase("transformer block, \(activation)") { scope in
      let layer = try TransformerBlock(scope, width: 8, heads: 2, feedForward: 12, activation: activation)
      return { x, mode in try layer(x[0], mode) }
    }
  }

  static let functions = [
    LayerCase("relu") { try $0[0].relu() },
    LayerCase("leaky relu") { try $0[0].leakyRelu(slope: 0.2) },
    LayerCase("elu") { try $0[0].elu() },
    LayerCase("gelu") { try $0[0].gelu() },
    LayerCase("silu") { try $0[0].silu() },
    LayerCase("tanh") { try $0[0].tanh() },
    LayerCase("sigmoid") { try $0[0].sigmoid() },
    LayerCase("softplus") { try $0[0].softplus() },
    LayerCase("softmax") { try $0[0].softmax(1) },
    LayerCase("log softmax") { try $0[0].logSoftmax(1) },
    LayerCase("max pool of samples") { try $0[0].maxPool1d(3, stride: 2, padding: 1) },
    LayerCase("max pool of samples, ceiling") { try $0[0].maxPool1d(2, ceiling: true) },
    LayerCase("max pool of maps") {
      try $0[0].maxPool2d([2, 3], stride: [2, 2], padding: [0, 1], ceiling: true)
    },
    LayerCase("average pool of samples") { try $0[0].averagePool1d(3, stride: 2) },
    LayerCase("average pool of maps") { try $0[0].averagePool2d([2, 3]) },
    LayerCase("adaptive average of samples") { try $0[0].adaptiveAveragePool1d(4) },
    LayerCase("adaptive average of maps") { try $0[0].adaptiveAveragePool2d([2, 3]) },
    LayerCase("resized maps") { try $0[0].resized(5, 9) },
    LayerCase("transformed maps") { try $0[0].transformed(by: $0[1]) },
  ]

  /// Targets and class weights take no part in the gradient; in the fixture theirs is 0.
  static let losses = [
    LayerCase("cross-entropy") { try $0[0].crossEntropy($0[1], ignoring: -1) },
    LayerCase("cross-entropy, weighted and smoothed") {
      try $0[0].crossEntropy($0[1], weights: $0[2].detach(), ignoring: -1, labelSmoothing: 0.1) + $0[2].sum() * 0
    },
    LayerCase("cross-entropy of each") { try $0[0].crossEntropy($0[1], reduction: .none, ignoring: -1) },
    LayerCase("binary cross-entropy") { try $0[0].binaryCrossEntropy($0[1].detach()) + $0[1].sum() * 0 },
    LayerCase("mean squared error") { try $0[0].meanSquaredError($0[1]) },
    LayerCase("summed squared error") { try $0[0].meanSquaredError($0[1], reduction: .sum) },
    LayerCase("smooth L1") { try $0[0].smoothL1($0[1], beta: 0.5) },
  ]
}
