import Layers
import Tensors
import TestSupport
import Testing

@Suite("Convolutions over rows of channels")
struct ConvolutionRowsTests {
  /// What comes out, and the gradients of what went in and of all parameters.
  private static func outcome(
    _ x: Tensor, _ store: ParameterStore, _ body: (Tensor) throws -> Tensor
  ) throws -> [[Float]] {
    let input = try x.clone()
    try input.setRequiresGradient(true)
    try store.clearGradients()
    let value = try body(input)
    try (value * Tensor.normal(value.shape, generator: Generator(seed: 4))).sum().backward()
    return try [value.detach().values(Float.self)]
      + ([input] + store.parameters()).map { try #require(try $0.gradient()).values(Float.self) }
  }

  private func expectEqual(_ found: [[Float]], _ expected: [[Float]]) {
    #expect(found.count == expected.count)
    for (one, other) in zip(found, expected) { expectClose(one, other, relative: 1e-4, absolute: 1e-4) }
  }

  /// Inputs, kernel and stride; among them the strided kernel of one sample over one channel, which oneDNN must not be given.
  private static let settings = [1, 6].flatMap { inputs in
    [1, 3, 7].flatMap { kernel in [1, 2, 4].map { [inputs, kernel, $0] } }
  }

  @Test("Over samples: values and gradients are those of the layer", arguments: settings, [true, false])
  func samples(setting: [Int], padded: Bool) throws {
    let store = try ParameterStore(seed: 1)
    let layer = try Convolution1D(
      store.root, inputs: setting[0], outputs: 8, kernel: setting[1], stride: setting[2],
      padding: padded ? setting[1] / 2 : 0)
    let x = try Tensor.normal([3, setting[0], 29], generator: Generator(seed: 2))
    try expectEqual(
      Self.outcome(x, store) { try layer.overRows($0.asRows()).transposed(1, 2) },
      Self.outcome(x, store) { try layer($0) })
  }

  @Test("Over maps: values and gradients are those of the layer", arguments: settings)
  func maps(setting: [Int]) throws {
    let store = try ParameterStore(seed: 1)
    let layer = try Convolution2D(
      store.root, inputs: setting[0], outputs: 8, kernel: [setting[1], setting[1]], stride: [setting[2], setting[2]],
      padding: [setting[1] / 2, setting[1] / 2])
    let x = try Tensor.normal([3, setting[0], 17, 12], generator: Generator(seed: 2))
    try expectEqual(
      Self.outcome(x, store) { try layer.overRows($0.asRows()).permuted([0, 3, 1, 2]) },
      Self.outcome(x, store) { try layer($0) })
  }

  @Test("Separable, alone and two behind each other: values and gradients are those of the layers", arguments: [1, 8])
  func separable(inputs: Int) throws {
    let store = try ParameterStore(seed: 1)
    let wide = try SeparableConvolution1D(store.root("wide"), inputs: inputs, outputs: 8, kernel: 3, padding: 1)
    let narrow = try (0..<2).map {
      try SeparableConvolution1D(
        store.root("narrow")($0), inputs: $0 == 0 ? inputs : 8, outputs: 8, kernel: 1, stride: 2)
    }
    let x = try Tensor.normal([3, inputs, 29], generator: Generator(seed: 2))
    try expectEqual(
      Self.outcome(x, store) {
        let rows = try $0.asRows()
        return try .concatenate([wide.overRows(rows), narrow[0].overRows(rows, then: narrow[1])], axis: 1)
          .transposed(1, 2)
      },
      Self.outcome(x, store) { try .concatenate([wide($0), narrow[0]($0, then: narrow[1])], axis: 2) })
  }

  @Test("Where operators are noted, those of the layers are")
  func noted() throws {
    let layer = try Convolution2D(ParameterStore(seed: 1).root, inputs: 2, outputs: 3, kernel: [3, 3])
    let steps = try OperatorTrace.tracing { _ = try layer.overRows(.zeros([1, 5, 6, 2])) }
    #expect(steps.map(\.name) == ["conv2d"] && steps[0].shape == [1, 3, 3, 4])
  }
}
