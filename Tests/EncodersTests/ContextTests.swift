import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing

@Suite("Contexts over sequences of unequal length")
struct ContextTests {
  /// Every kind, as small as the fixture has it.
  static let recipes = [
    ContextRecipe(BiLSTM.self) { ($0.hidden, $0.layers) = (3, 2) },
    ContextRecipe(BiGRU.self) { ($0.hidden, $0.layers) = (3, 2) },
    ContextRecipe(Transformer.self) { ($0.width, $0.layers, $0.heads, $0.feedForward) = (6, 2, 2, 8) },
    ContextRecipe(DilatedConvolutions.self) { ($0.width, $0.layers, $0.kernel) = (6, 2, 3) },
  ]

  /// A context with the fixture's weights, and the fixture's sequences.
  private struct Case {
    let file: SafetensorsFile
    let store: ParameterStore
    let context: any Context
    let input: Tensor
    let lengths: [Int]
    /// `[batch, length]`.
    let attendable: [Bool]
    let name: String

    init(_ recipe: ContextRecipe) throws {
      name = recipe.name
      file = try SafetensorsFile(Fixture("contexts").url("contexts.safetensors"))
      store = try ParameterStore(seed: 1)
      context = try recipe.make(store.root, inputs: 4)
      let prefix = "\(name)/parameter."
      #expect(
        store.entries.map { prefix + $0.name }.sorted() == file.entries.keys.filter { $0.hasPrefix(prefix) }.sorted())
      for entry in store.entries {
        let value = try file.tensor(prefix + entry.name)
        try #require(entry.tensor.shape == value.shape, "\(entry.name)")
        try LibTorch.withoutGradients { try entry.tensor.assign(value) }
      }
      input = try file.tensor("input")
      lengths = try file.tensor("lengths").values(Int64.self).map(Int.init)
      attendable = try file.tensor("attendable").values(Int64.self).map { $0 != 0 }
    }

    func extent(_ rows: [Int]) throws -> Extent {
      let length = input.shape[1]
      let places = rows.flatMap { attendable[($0 * length)..<(($0 + 1) * length)] }
      return Extent(lengths: rows.map { lengths[$0] }, attendable: try Tensor(places, shape: [rows.count, length]))
    }

    /// What the context makes of some rows of the input in inference, without what stands behind their ends.
    func read(_ input: Tensor, _ rows: [Int]) throws -> [[Float]] {
      try LibTorch.withoutGradients {
        let picked = try input.select(0, indices: Tensor(rows.map(Int64.init)))
        let output = try context(picked, extent(rows), .inference)
        return try rows.indices.map { try output.select(0, $0).narrowed(0, 0..<lengths[rows[$0]]).values(Float.self) }
      }
    }

    /// Expects a tensor to be the fixture's, within what single precision leaves of the largest of its values.
    func expect(_ tensor: Tensor?, is key: String) throws {
      let (actual, expected) = (try #require(tensor, "\(key)"), try file.tensor("\(name)/\(key)"))
      let values = try expected.values(Float.self)
      let largest = Double(values.map(abs).max() ?? 0)
      if let problem = try disagreement(
        actual.detach().values(Float.self).map(Double.init), values.map(Double.init), shape: actual.shape,
        expectedShape: expected.shape, relative: 1e-4, absolute: max(1e-6, 2e-5 * largest))
      {
        Issue.record("\(name)/\(key): \(problem)")
      }
    }
  }

  @Test("Values and gradients are PyTorch's of each sequence by itself, whatever the padding holds", arguments: recipes)
  func reference(recipe: ContextRecipe) throws {
    let fixture = try Case(recipe)
    try fixture.input.setRequiresGradient(true)
    let rows = Array(fixture.lengths.indices)
    let output = try fixture.context(fixture.input, fixture.extent(rows), .inference)
    #expect(fixture.context.width == output.shape[2])
    try (output * fixture.file.tensor("\(fixture.name)/weights")).sum().backward()
    // Behind a sequence's end nothing is promised.
    let inside = try Tensor(
      fixture.lengths.flatMap { end in (0..<fixture.input.shape[1]).map { $0 < end ? Float(1) : 0 } },
      shape: [rows.count, fixture.input.shape[1], 1])
    try fixture.expect(output * inside, is: "output")
    try fixture.expect(fixture.input.gradient(), is: "gradient.input")
    for entry in fixture.store.entries {
      try fixture.expect(entry.tensor.gradient(), is: "gradient.\(entry.name)")
    }
  }

  @Test("What stands behind a sequence's end changes nothing before it, bit for bit", arguments: recipes)
  func padding(recipe: ContextRecipe) throws {
    let fixture = try Case(recipe)
    let (batch, length, width) = try fixture.input.shape3()
    var values = try fixture.input.values(Float.self)
    for row in 0..<batch {
      for place in (row * length + fixture.lengths[row])..<((row + 1) * length) {
        for index in 0..<width { values[place * width + index] = -3 }
      }
    }
    let rows = Array(0..<batch)
    let other = try Tensor(values, shape: [batch, length, width])
    #expect(try fixture.read(fixture.input, rows) == fixture.read(other, rows))
  }

  @Test("Attention does not look at windows that were not measured")
  func gaps() throws {
    let fixture = try Case(Self.recipes[2])
    var values = try fixture.input.values(Float.self)
    // The third window of the first sequence.
    for index in 0..<4 { values[2 * 4 + index] += 5 }
    let other = try Tensor(values, shape: fixture.input.shape)
    let (before, after) = (try fixture.read(fixture.input, [0])[0], try fixture.read(other, [0])[0])
    for window in 0..<5 {
      let range = (window * 6)..<((window + 1) * 6)
      #expect((before[range] == after[range]) == (window != 2), "\(window)")
    }
  }

  @Test("A sequence gives the same in any order of the batch, and by itself", arguments: recipes)
  func order(recipe: ContextRecipe) throws {
    let fixture = try Case(recipe)
    let forwards = try fixture.read(fixture.input, [0, 1, 2, 3])
    let mixed = try fixture.read(fixture.input, [2, 0, 3, 1])
    for (place, row) in [2, 0, 3, 1].enumerated() {
      expectClose(mixed[place], forwards[row], relative: 1e-5, absolute: 1e-6)
    }
    for row in 0..<4 {
      expectClose(try fixture.read(fixture.input, [row])[0], forwards[row], relative: 1e-5, absolute: 1e-6)
    }
    // Each is another sequence: otherwise the order could not matter.
    #expect(Set(forwards.map { $0.prefix(6).map { $0 } }).count == 4)
  }

  @Test(
    "A sequence without any window that was measured stays finite beside others, and so do all gradients",
    arguments: recipes)
  func nothing(recipe: ContextRecipe) throws {
    let store = try ParameterStore(seed: 2)
    let context = try recipe.make(store.root, inputs: 4)
    let input = try Tensor.normal([2, 5, 4], generator: Generator(seed: 3))
    let attendable = try Tensor([true, true, true, false, false] + [Bool](repeating: false, count: 5), shape: [2, 5])
    let output = try context(input, Extent(lengths: [3, 0], attendable: attendable), .training(Generator(seed: 1)))
    #expect(try output.isFinite())
    let counted = try Tensor([Float](repeating: 1, count: 3) + [Float](repeating: 0, count: 7), shape: [2, 5, 1])
    try (output * counted).sum().backward()
    for entry in store.entries { #expect(try #require(try entry.tensor.gradient()).isFinite(), "\(entry.name)") }
  }

  @Test("Its clock, without a context, is refused, and so are sizes that do not go together")
  func refusals() throws {
    func refused(_ recipe: ContextRecipe) throws -> String {
      let error = #expect(throws: EncoderError.self) { _ = try recipe.make(ParameterStore(seed: 1).root, inputs: 4) }
      return error.map { words(of: $0) } ?? ""
    }
    #expect(
      try refused(ContextRecipe(NoContext.self, clock: true))
        == "context: 'clock' is true without a context, expected a kind of context")
    #expect(
      try refused(ContextRecipe(Transformer.self) { ($0.width, $0.heads) = (6, 4) })
        == "context: 'heads' is 4, expected a divisor of the width, 6")
    #expect(
      try refused(ContextRecipe(Transformer.self) { ($0.width, $0.heads) = (0, 3) })
        == "transformer: 'heads' is 3, expected a divisor of the width, 4")
    #expect(
      try refused(ContextRecipe(DilatedConvolutions.self) { $0.kernel = 4 })
        == "context: 'kernel' is 4, expected an odd number, which has a middle")
  }
}
