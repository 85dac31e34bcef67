import Layers
import Tensors
import TestSupport
import Testing

@Suite("Norms in one pass with what follows them")
struct NormRowsTests {
  private struct Outcome {
    var value: [Float]
    var gradients: [[Float]]
    var statistics: [[Float]]
  }

  /// Scales of both signs, and one of 0; shifts of both.
  private static func norms(_ channels: Int) throws -> (store: ParameterStore, norms: [BatchNorm]) {
    let store = try ParameterStore(seed: 1)
    let norms = try (0..<2).map { try BatchNorm(store.root("\($0)"), channels: channels) }
    let random = try Generator(seed: 2)
    try LibTorch.withoutGradients {
      for parameter in store.parameters() { try parameter.assign(.uniform([channels], generator: random) * 2 - 1) }
      try store["0.weight"]?.narrowed(0, 0..<1).assign(.zeros([1]))
    }
    return (store, norms)
  }

  private static func outcome(
    _ shape: [Int], inference: Bool = false, _ body: ([BatchNorm], [Tensor], Mode) throws -> Tensor
  ) throws -> Outcome {
    let (store, norms) = try norms(shape[2])
    let random = try Generator(seed: 3)
    // Rounded, so that pairs are equal here and there, and far from 0.
    let inputs = try (0..<2).map { _ in
      try (Tensor.normal(shape, generator: random) * 4).to(.int64).to(.float32) * 0.25 + 30
    }
    for input in inputs { try input.setRequiresGradient(true) }
    let value = try body(norms, inputs, inference ? .inference : .training(random))
    try (value * Tensor.normal(value.shape, generator: Generator(seed: 4))).sum().backward()
    let gradients = try (inputs + store.parameters()).map { try $0.gradient()?.values(Float.self) ?? [] }
    let statistics = try store.entries.filter { $0.kind == .buffer }.map {
      try $0.tensor.to(.float32).values(Float.self)
    }
    return Outcome(value: try value.detach().values(Float.self), gradients: gradients, statistics: statistics)
  }

  private func expectEqual(_ found: Outcome, _ expected: Outcome) {
    expectClose(found.value, expected.value, relative: 1e-4, absolute: 1e-4)
    #expect(found.gradients.map(\.isEmpty) == expected.gradients.map(\.isEmpty))
    for (one, other) in zip(found.gradients, expected.gradients) {
      let largest = other.reduce(0) { max($0, abs($1)) }
      expectClose(one, other, relative: 1e-4, absolute: 1e-4 * Double(max(1, largest)))
    }
    for (one, other) in zip(found.statistics, expected.statistics) { expectClose(one, other, relative: 1e-5) }
  }

  private static let shapes = [[2, 7, 16], [1, 2, 1], [3, 64, 5], [3, 33, 8], [2, 5001, 32], [1, 9000, 64]]

  @Test(
    "Normalised and rectified: values, gradients and running statistics are those of the operators", arguments: shapes,
    [false, true])
  func rectified(shape: [Int], inference: Bool) throws {
    try expectEqual(
      Self.outcome(shape, inference: inference) { try $0[0].rectified(rows: $1[0], $2) },
      Self.outcome(shape, inference: inference) { try $0[0]($1[0].transposed(1, 2), $2).relu().transposed(1, 2) })
  }

  @Test("Normalised and rectified: of maps too", arguments: [8, 12])
  func rectifiedMaps(channels: Int) throws {
    let maps = try Tensor.normal([3, 5, 6, channels], generator: Generator(seed: 3))
    func run(_ body: (BatchNorm, Mode) throws -> Tensor) throws -> [Float] {
      try body(Self.norms(channels).norms[0], .training(Generator(seed: 1))).detach().values(Float.self)
    }
    try expectClose(
      run { try $0.rectified(rows: maps, $1) },
      run { try $0(maps.permuted([0, 3, 1, 2]), $1).relu().permuted([0, 2, 3, 1]) }, relative: 1e-4, absolute: 1e-5)
  }

  @Test(
    "Pooled and rectified: the first of two equal samples has the gradient, a last one without a partner its own",
    arguments: shapes, [false, true])
  func pooled(shape: [Int], inference: Bool) throws {
    try expectEqual(
      Self.outcome(shape, inference: inference) { try $0[0].rectifiedPairs(rows: $1[0], $2) },
      Self.outcome(shape, inference: inference) {
        try $0[0]($1[0].transposed(1, 2), $2).maxPool1d(2, ceiling: true).relu().transposed(1, 2)
      })
  }

  @Test("Of a single sample that is pooled, and of numbers of another type, the operators are called one by one")
  func unfused() throws {
    let (norms, x) = (try Self.norms(4).norms, try Tensor.normal([6, 1, 4], generator: Generator(seed: 3)))
    let alone = try norms[0].rectifiedPairs(rows: x, .inference)
    expectClose(
      try alone.detach().values(Float.self), try norms[0].rectified(rows: x, .inference).detach().values(Float.self),
      relative: 1e-5, absolute: 1e-6)
    let reduced = try norms[0].rectifiedPairs(rows: Tensor.ones([2, 4, 4]).to(.bfloat16), .inference)
    #expect(reduced.dtype == .bfloat16 && reduced.shape == [2, 2, 4])
  }

  @Test(
    "Pooled, added and rectified: the first of two equal samples has the gradient", arguments: shapes, [false, true])
  func joined(shape: [Int], inference: Bool) throws {
    try expectEqual(
      Self.outcome(shape, inference: inference) { try $0[0].rectifiedSumOfPairs(rows: $1[0], $1[1], by: $0[1], $2) },
      Self.outcome(shape, inference: inference) { norms, inputs, mode in
        let parts = try zip(norms, inputs).map { try $0($1.transposed(1, 2), mode).maxPool1d(2) }
        return try (parts[0] + parts[1]).relu().transposed(1, 2)
      })
  }

  @Test(
    "Aside, running statistics stay; the number of threads changes no bit; a batch of one value a channel is refused")
  func modes() throws {
    let shape = [2, 9001, 16]
    func run() throws -> Outcome {
      try Self.outcome(shape) {
        try $0[0].rectifiedSumOfPairs(rows: $1[0], $1[1], by: $0[1], $2)
          + $0[1].rectifiedPairs(rows: $1[0], $2)
          .narrowed(1, 0..<4500)
      }
    }
    let threads = LibTorch.threads
    defer { LibTorch.threads = threads }
    let outcomes = try [1, 3].map { count in
      LibTorch.threads = count
      return try run()
    }
    #expect(outcomes[0].value == outcomes[1].value && outcomes[0].gradients == outcomes[1].gradients)
    let aside = try Self.outcome(shape) { try $0[0].rectified(rows: $1[0], $2.aside) }
    #expect(aside.statistics.prefix(2) == [[Float](repeating: 0, count: 16), [Float](repeating: 1, count: 16)])
    #expect(throws: TensorError.self) {
      try Self.norms(4).norms[0].rectified(rows: .zeros([1, 1, 4]), .training(Generator(seed: 1)))
    }
  }
}
