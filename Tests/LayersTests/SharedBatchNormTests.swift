import Layers
import Tensors
import TestSupport
import Testing

@Suite("Batch norm over processes", .enabled(if: ProcessGroup.isAvailable, "this build has no c10d"))
struct SharedBatchNormTests {
  /// Values, the gradient of what was normalised and those of the parameters, and running statistics.
  private struct Found {
    var value: Tensor
    var gradient: Tensor
    var parameters: [Tensor]
    var running: [Tensor]
  }

  /// - Parameter body: What is made of the input by two norms; the first alone where `nil`.
  private func norm(
    _ x: Tensor, weights: Tensor, _ mode: Mode, _ body: (([BatchNorm], Tensor) throws -> Tensor)? = nil
  ) throws -> Found {
    let store = try ParameterStore(seed: 3)
    let norms = try (body == nil ? ["norm"] : ["norm", "other"]).map { try BatchNorm(store.root($0), channels: 4) }
    try LibTorch.withoutGradients {
      for entry in store.entries where entry.name.hasSuffix("weight") {
        try entry.tensor.assign(Tensor([Float(0.5), 1, 2, -1]))
      }
    }
    let input = try x.detach().clone()
    try input.setRequiresGradient(true)
    let value = try body?(norms, input) ?? norms[0](input, mode)
    try (value * weights + value.power(2) * 0.1).sum().backward()
    return Found(
      value: try value.detach(), gradient: try #require(try input.gradient()),
      parameters: try store.entries.compactMap { try $0.tensor.gradient() },
      running: try store.entries.filter { $0.name.contains("running") }.map { try $0.tensor.clone() })
  }

  @Test(
    "Unequal shares of rows have the values, gradients and running statistics of one batch", arguments: [[7], [5, 6]])
  func equal(places: [Int]) throws {
    let generator = try Generator(seed: 5)
    // A mean far from 0, where sums of squares would lose the variance.
    let x = try Tensor.normal([9, 4] + places, generator: generator) * 3 + 500
    let weights = try Tensor.normal([9, 4] + places, generator: generator)
    let whole = try norm(x, weights: weights, .training(Generator(seed: 1)))
    let ends = [0..<4, 4..<9]
    let parts = try together(2) { group in
      try norm(
        x.narrowed(0, ends[group.rank]), weights: weights.narrowed(0, ends[group.rank]),
        .training(Generator(seed: 1), across: group))
    }
    try expectClose(
      Tensor.concatenate(parts.map(\.value), axis: 0).values(), whole.value.values(), relative: 2e-3, absolute: 2e-3)
    try expectClose(
      Tensor.concatenate(parts.map(\.gradient), axis: 0).values(), whole.gradient.values(), relative: 2e-3,
      absolute: 2e-3)
    for (index, wanted) in whole.parameters.enumerated() {
      try expectClose(
        (parts[0].parameters[index] + parts[1].parameters[index]).values(), wanted.values(), relative: 5e-2,
        absolute: 5e-2)
    }
    for part in parts {
      for (own, wanted) in zip(part.running, whole.running) {
        try expectClose(own.values(), wanted.values(), relative: 1e-3, absolute: 1e-3)
      }
    }
  }

  /// What norms over rows of channels do in one pass.
  enum Fused: String, CaseIterable {
    case rectified, pairs, sum

    func callAsFunction(_ norms: [BatchNorm], _ rows: Tensor, _ mode: Mode) throws -> Tensor {
      switch self {
      case .rectified: try norms[0].rectified(rows: rows, mode)
      case .pairs: try norms[0].rectifiedPairs(rows: rows, mode)
      case .sum: try norms[0].rectifiedSumOfPairs(rows: rows, rows * 0.5 + 1, by: norms[1], mode)
      }
    }
  }

  @Test(
    "In one pass with what follows, unequal shares are as one batch",
    arguments: Fused.allCases, [2, 4])
  func fused(kind: Fused, first: Int) throws {
    let generator = try Generator(seed: 5)
    let x = try Tensor.normal([9, 7, 4], generator: generator) * 3 + 50
    let results = kind == .rectified ? 7 : kind == .pairs ? 4 : 3
    let weights = try Tensor.normal([9, results, 4], generator: generator)
    let alone = try Mode.training(Generator(seed: 1))
    let whole = try norm(x, weights: weights, alone) { try kind($0, $1, alone) }
    let ends = [0..<first, first..<9]
    let parts = try together(2) { group in
      let mode = try Mode.training(Generator(seed: 1), across: group)
      let own = ends[group.rank]
      return try norm(x.narrowed(0, own), weights: weights.narrowed(0, own), mode) { try kind($0, $1, mode) }
    }
    try expectClose(
      Tensor.concatenate(parts.map(\.value), axis: 0).values(), whole.value.values(), relative: 1e-4, absolute: 1e-5)
    try expectClose(
      Tensor.concatenate(parts.map(\.gradient), axis: 0).values(), whole.gradient.values(), relative: 1e-3,
      absolute: 1e-5)
    for (index, wanted) in whole.parameters.enumerated() {
      try expectClose(
        (parts[0].parameters[index] + parts[1].parameters[index]).values(), wanted.values(), relative: 1e-3,
        absolute: 1e-3)
    }
    for part in parts {
      for (own, wanted) in zip(part.running, whole.running) {
        try expectClose(own.values(), wanted.values(), relative: 1e-5, absolute: 1e-6)
      }
    }
  }

  @Test("Aside, running statistics stay as they are")
  func aside() throws {
    let x = try Tensor.normal([8, 4, 3], generator: Generator(seed: 5))
    let parts = try together(2) { group in
      try norm(x, weights: x, Mode.training(Generator(seed: 1), across: group).aside)
    }
    for part in parts { #expect(try part.running.map { try $0.values(Float.self) } == [[0, 0, 0, 0], [1, 1, 1, 1]]) }
  }
}
