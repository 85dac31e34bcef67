import Layers
import Tensors
import TestSupport
import Testing

@Suite("Recurrent layers over sequences of unequal length")
struct RecurrentLengthTests {
  @Test(
    "Values and gradients are those of PyTorch's packed sequences, whatever the padding holds",
    arguments: Recurrent.Cell.allCases, [false, true])
  func agrees(cell: Recurrent.Cell, bidirectional: Bool) throws {
    let reference = try Reference("recurrent-lengths", in: "recurrent-lengths")
    let prefix = "\(cell.rawValue) \(bidirectional ? "both ways, two layers" : "forwards")/"
    let store = try ParameterStore(seed: 1)
    let layer = try Recurrent(
      store.root, cell, inputs: 4, hiddenSize: bidirectional ? 3 : 5, layers: bidirectional ? 2 : 1,
      bidirectional: bidirectional)
    try reference.load(store, under: prefix + "parameter.")
    let input = try reference.tensor(prefix + "input")
    try input.setRequiresGradient(true)
    let lengths = try reference.tensor(prefix + "lengths").values(Int64.self).map(Int.init)
    let output = try layer(input, lengths: lengths)
    try (output * reference.tensor(prefix + "weights")).sum().backward()
    try reference.expect(output, is: prefix + "output")
    try reference.expect(input.gradient(), is: prefix + "gradient.input")
    for entry in store.entries { try reference.expect(entry.tensor.gradient(), is: prefix + "gradient." + entry.name) }
  }

  private func made(_ cell: Recurrent.Cell) throws -> (ParameterStore, Recurrent) {
    let store = try ParameterStore(seed: 6)
    return (store, try Recurrent(store.root, cell, inputs: 3, hiddenSize: 4, layers: 2))
  }

  @Test(
    "Each sequence gives, and teaches, what it alone does; an empty one gives zeros",
    arguments: Recurrent.Cell.allCases, [[2, 0, 6, 3, 6], [0, 4, 4, 0, 1], [3, 3, 3, 3, 3], [6, 6, 6, 6, 6]])
  func alone(cell: Recurrent.Cell, lengths: [Int]) throws {
    let (store, layer) = try made(cell)
    let generator = try Generator(seed: 9)
    let (x, weights) = (
      try Tensor.normal([5, 6, 3], generator: generator), try Tensor.normal([5, 6, 8], generator: generator)
    )
    let output = try layer(x, lengths: lengths)
    try (output * weights).sum().backward()
    let together = try store.entries.map { try #require(try $0.tensor.gradient()).values(Float.self) }
    try store.clearGradients()
    for (row, length) in lengths.enumerated() {
      let own = try output.detach().narrowed(0, row..<(row + 1))
      #expect(try own.narrowed(1, length..<6).values(Float.self).allSatisfy { $0 == 0 })
      guard length > 0 else { continue }
      func part(_ tensor: Tensor) throws -> Tensor { try tensor.narrowed(0, row..<(row + 1)).narrowed(1, 0..<length) }
      let alone = try layer(part(x))
      expectClose(
        try part(output).detach().values(Float.self), try alone.detach().values(Float.self), absolute: 1e-6)
      try (alone * part(weights)).sum().backward()
    }
    for (entry, gradient) in zip(store.entries, together) {
      expectClose(
        gradient, try #require(try entry.tensor.gradient()).values(Float.self), relative: 1e-4, absolute: 1e-5)
    }
  }

  @Test("Sequences that fill the batch are read as without lengths, bit for bit", arguments: Recurrent.Cell.allCases)
  func full(cell: Recurrent.Cell) throws {
    let (_, layer) = try made(cell)
    let x = try Tensor.normal([3, 5, 3], generator: Generator(seed: 2))
    #expect(try layer(x, lengths: [5, 5, 5]).values(Float.self) == layer(x).values(Float.self))
    let empty = try layer(x, lengths: [0, 0, 0])
    #expect(empty.shape == [3, 5, 8])
    #expect(try empty.values(Float.self).allSatisfy { $0 == 0 })
    // All of one length that the padding goes beyond.
    let cut = try layer(x, lengths: [4, 4, 4]).narrowed(1, 0..<4)
    #expect(try cut.values(Float.self) == layer(x.narrowed(1, 0..<4)).values(Float.self))
  }

  @Test("Lengths that do not fit the batch are refused in words", arguments: [[5, 5], [5, 6, 5], [5, -1, 5]])
  func lengths(_ lengths: [Int]) throws {
    let (_, layer) = try made(.gru)
    let error = try #require(throws: TensorError.self) { _ = try layer(.ones([3, 5, 3]), lengths: lengths) }
    #expect(words(of: error) == "lengths \(lengths) of 3 sequences, expected one each from 0 to 5")
  }
}
