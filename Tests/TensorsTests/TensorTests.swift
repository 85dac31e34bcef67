import Tensors
import TestSupport
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("Values come back as they went in, for every element type")
  func roundTrip() throws {
    #expect(try Tensor([1, 2.5, -3] as [Float]).values(Float.self) == [1, 2.5, -3])
    #expect(try Tensor([1, -2] as [Int64], shape: [2, 1]).values(Int64.self) == [1, -2])
    #expect(try Tensor([true, false]).values(Bool.self) == [true, false])
    #expect(try Tensor([] as [Float], shape: [0, 4]).shape == [0, 4])
    #expect(try Tensor(7 as Double).shape == [])
    #expect(try Tensor([1.75, 2] as [Float]).values(Int64.self) == [1, 2])
  }

  @Test("An operator takes lists, defaults, optional tensors and several results")
  func arguments() throws {
    let x = try Tensor((0..<12).map(Float.init), shape: [3, 4])
    #expect(try x.sum([0]).values(Float.self) == [12, 15, 18, 21])
    #expect(try x.split(2, axis: 1).map(\.shape) == [[3, 2], [3, 2]])
    #expect(try Tensor.concatenate([x, x], axis: 0).shape == [6, 4])
    #expect(try Operator("max", "dim").results([.tensor(x), 1]).map(\.shape) == [[3], [3]])
    #expect(try x.linear(Tensor.ones([2, 4])).values(Float.self) == [6, 6, 22, 22, 38, 38])
  }

  @Test("A refused operation says which, of what shapes, and why")
  func refused() throws {
    let error = #expect(throws: TensorError.self) {
      try Tensor.ones([2, 3]).matmul(Tensor.ones([2, 3]))
    }
    #expect(
      words(of: try #require(error))
        == "matmul of [2, 3], [2, 3]: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)")
    let unknown = #expect(throws: TensorError.self) { try Operator("no_such_operator")() }
    #expect(words(of: try #require(unknown)).contains("no_such_operator"))
    let missing = #expect(throws: TensorError.self) { try Operator("add", "Tensor")(.tensor(Tensor.ones([1]))) }
    #expect(words(of: try #require(missing)) == "add.Tensor of [1]: argument 'other' is missing")
    let wrong = #expect(throws: TensorError.self) { try Operator("relu")(3) }
    #expect(words(of: try #require(wrong)).hasPrefix("relu of :"))
    let many = #expect(throws: TensorError.self) { try Operator("relu")(.tensor(Tensor.ones([1])), 1) }
    #expect(words(of: try #require(many)) == "relu of [1]: 2 arguments, expected at most 1")
    let count = #expect(throws: TensorError.self) { try Tensor([1, 2] as [Float], shape: [3]) }
    #expect(words(of: try #require(count)) == "2 values for the shape [3], expected 3")
    let shape = #expect(throws: TensorError.self) { try Tensor.ones([2]).shape3() }
    #expect(words(of: try #require(shape)) == "a tensor of shape [2], expected 3 axes")
    let item = #expect(throws: TensorError.self) { try Tensor.ones([2]).item() }
    #expect(words(of: try #require(item)) == "a tensor of shape [2], expected one element")
  }

  @Test("Rows are placed among zeros, and have their own gradients back")
  func placed() throws {
    let rows = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    try rows.setRequiresGradient(true)
    let placed = try rows.placed(at: Tensor([3, 1] as [Int64]), of: 4)
    #expect(placed.shape == [4, 2])
    #expect(try placed.detach().values(Float.self) == [0, 0, 3, 4, 0, 0, 1, 2])
    try (placed * Tensor((0..<8).map(Float.init), shape: [4, 2])).sum().backward()
    #expect(try rows.gradient()?.values(Float.self) == [6, 7, 2, 3])
  }

  @Test("What is copied to the program's own memory is noted, as the type that it is copied as")
  func reads() throws {
    let x = try Tensor([1, 2, 3] as [Float])
    let reads = try HostReads.noting {
      _ = try x.values(Float.self)
      _ = try x.isGreater(than: 1).values(Bool.self)
      _ = try (x + x).sum().item()
    }
    #expect(reads.map(\.dtype) == [.float32, .bool, .float64] && reads.map(\.shape) == [[3], [3], []])
    _ = try x.values(Float.self)
    #expect(reads.count == 3)
  }

  @Test("A device that is not there is named, with those that are", .disabled(if: LibTorch.hasCUDA))
  func devices() throws {
    for name in ["cuda", "cuda:0", "cuda:3", "cuda:-1", "cuda:01", "cuda:99999999999999999999", "cuda:", "gpu"] {
      let error = #expect(throws: TensorError.self) { try Device(named: name) }
      #expect(
        words(of: try #require(error)) == "no device '\(name)' here: LibTorch finds no graphics card. Devices: cpu.")
    }
    #expect(try Device(named: "auto") == .cpu && Device.ofRun("cpu") == .cpu && !LibTorch.isDeterministic)
    let error = #expect(throws: TensorError.self) { try Tensor.zeros([1], device: .cuda(0)) }
    #expect(words(of: try #require(error)).hasPrefix("full of : "))
  }

  @Test("A card that is not there is refused with those that are, and names are told from what is none")
  func cards() {
    #expect(
      words(of: TensorError.device(name: "cuda:5", cards: 2))
        == "no device 'cuda:5' here: LibTorch finds 2 graphics cards. Devices: cpu, cuda:0, cuda:1.")
    #expect(
      words(of: TensorError.device(name: "cuda:1", cards: 1))
        == "no device 'cuda:1' here: LibTorch finds 1 graphics card. Devices: cpu, cuda:0.")
    #expect(["auto", "cpu", "cuda", "cuda:0", "cuda:17"].allSatisfy(Device.isName))
    #expect(
      !["", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:+1", "cuda:01", "cuda: 1", "CUDA"].contains(where: Device.isName)
    )
    #expect("\(Device.cuda(3))" == "cuda:3" && "\(Device.cpu)" == "cpu")
  }

  @Test("What is sent to the processor is a copy of the values, in their shape")
  func sent() throws {
    let sent = try Tensor.sent([1, 2, 3, 4] as [Float], shape: [2, 2], to: .cpu)
    #expect(sent.shape == [2, 2] && sent.device == .cpu)
    #expect(try sent.values(Float.self) == [1, 2, 3, 4])
    let error = #expect(throws: TensorError.self) { try Tensor.sent([1] as [Float], shape: [2], to: .cpu) }
    #expect(words(of: try #require(error)) == "1 values for the shape [2], expected 2")
  }

  @Test("Gradients add up, can be replaced, and are not recorded when told")
  func gradients() throws {
    let x = try Tensor([1, 2, 3] as [Float])
    try x.setRequiresGradient(true)
    #expect(try x.gradient() == nil)
    try (x * x).sum().backward()
    try (x * 2).sum().backward()
    #expect(try x.gradient()?.values(Float.self) == [4, 6, 8])
    try x.setGradient(nil)
    #expect(try x.gradient() == nil)
    #expect(try LibTorch.withoutGradients { try (x * x).requiresGradient } == false)
    #expect(try (x * x).requiresGradient)
    #expect(try x.detach().requiresGradient == false)
  }

  @Test("A custom function's gradient reaches its inputs, and its failure is an error")
  func custom() throws {
    let x = try Tensor([1, 2] as [Float])
    let y = try Tensor([3, 4] as [Float])
    for leaf in [x, y] { try leaf.setRequiresGradient(true) }
    let product = try LibTorch.withoutGradients { try (x * y).sum() }
    let value = try Tensor.custom(product, of: [x, y]) { [x, y] gradient in
      [try y.detach() * gradient, try x.detach() * gradient]
    }
    #expect(try value.item() == 11)
    try (value * 2).backward()
    #expect(try x.gradient()?.values(Float.self) == [6, 8])
    #expect(try y.gradient()?.values(Float.self) == [2, 4])
    struct Broken: Error {}
    let failing = try Tensor.custom(product, of: [x]) { _ in throw Broken() }
    #expect(throws: Broken.self) { try failing.backward() }
  }

  @Test("One seed gives one sequence; a generator goes on from its state")
  func generators() throws {
    let first = try Generator(seed: 3)
    let a = try Tensor.normal([5], generator: first).values(Float.self)
    let state = try first.state()
    let b = try Tensor.uniform([5], generator: first).values(Float.self)
    let second = try Generator(seed: 3)
    #expect(try Tensor.normal([5], generator: second).values(Float.self) == a)
    let third = try Generator(seed: 9)
    try third.restore(state)
    #expect(try Tensor.uniform([5], generator: third).values(Float.self) == b)
    #expect(try Tensor.permutation(6, generator: third).values(Int64.self).sorted() == [0, 1, 2, 3, 4, 5])
  }

  @Test("Two threads compute at once without disturbing each other's gradient mode")
  func threads() async throws {
    let results = try await withThrowingTaskGroup(of: Double.self) { group in
      for index in 0..<8 {
        group.addTask {
          try LibTorch.withoutGradients {
            try (0..<50).reduce(0) { sum, _ in try sum + Tensor.full(Double(index), [64]).sum().item() }
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.sorted() == (0..<8).map { Double($0) * 64 * 50 })
  }
}
