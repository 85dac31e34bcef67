import Layers
import Tensors
import TestSupport
import Testing

@Suite("Changes of low rank")
struct LowRankTests {
  private static let change = LowRank(rank: 2, alpha: 5)

  /// The fixture's layers by name.
  private static func make(_ name: String, _ scope: Scope) throws -> (Tensor) throws -> Tensor {
    switch name {
    case "linear": try Linear(scope, inputs: 5, outputs: 4).callAsFunction
    case "conv1d":
      try Convolution1D(scope, inputs: 4, outputs: 6, kernel: 3, stride: 2, padding: 1, groups: 2).callAsFunction
    default:
      try Convolution2D(scope, inputs: 2, outputs: 3, kernel: [3, 5], padding: [1, 2], bias: false).callAsFunction
    }
  }

  @Test(
    "A layer computes with W + (alpha / rank) B A, and its gradients are PyTorch's",
    arguments: ["linear", "conv1d", "conv2d"]
  )
  func reference(name: String) throws {
    let reference = try Reference("low-rank", in: "low-rank")
    let store = try ParameterStore(seed: 1)
    let layer = try Self.make(name, store.root("layer").changing(by: Self.change))
    let input = try reference.tensor("\(name)/input")
    func load(_ skipped: String) throws {
      try LibTorch.withoutGradients {
        for entry in store.entries where !entry.name.hasSuffix(skipped) {
          try entry.tensor.assign(reference.tensor("\(name)/" + entry.name.dropFirst("layer.".count)))
        }
      }
    }
    // B begins as zeros.
    try load(".lora_b")
    try reference.expect(layer(input), is: "\(name)/plain")
    try load("nothing")
    let output = try layer(input)
    try reference.expect(output, is: "\(name)/output")
    try (output * output).sum().backward()
    try reference.expect(store["layer.weight.lora_a"]?.gradient(), is: "\(name)/gradient.a")
    try reference.expect(store["layer.weight.lora_b"]?.gradient(), is: "\(name)/gradient.b")
  }

  @Test("What is made beside a change begins as it does without one")
  func beginnings() throws {
    func numbers(_ change: LowRank?) throws -> [String: [Float]] {
      let store = try ParameterStore(seed: 7)
      for name in ["linear", "conv1d", "conv2d"] { _ = try Self.make(name, store.root(name).changing(by: change)) }
      _ = try TransformerBlock(store.root("block").changing(by: change), width: 4, heads: 2, feedForward: 6)
      return try Dictionary(uniqueKeysWithValues: store.entries.map { ($0.name, try $0.tensor.values(Float.self)) })
    }
    let (plain, changed) = try (numbers(nil), numbers(Self.change))
    for (name, values) in plain { #expect(changed[name] == values, "\(name)") }
    let added = Set(changed.keys).subtracting(plain.keys)
    let weights = plain.keys.filter { $0.hasSuffix("weight") && !$0.contains("norm") }
    #expect(added == Set(weights.flatMap { ["\($0).lora_a", "\($0).lora_b"] }))
    #expect(added.contains("block.self_attn.in_proj_weight.lora_a") && added.allSatisfy(LowRank.isPart))
  }
}
