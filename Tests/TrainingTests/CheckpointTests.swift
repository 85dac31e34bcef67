import Files
import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import Training

@Suite("Checkpoints")
struct CheckpointTests {
  /// An encoder of one linear layer with a buffer of each type, and a head.
  func store(seed: UInt64, inputs: Int = 3, head: String = "head") throws -> ParameterStore {
    let store = try ParameterStore(seed: seed)
    _ = try Linear(store.root("encoder"), inputs: inputs, outputs: 2)
    for (index, dtype) in DType.allCases.enumerated() where dtype != .bool {
      let values = try Tensor((0..<3).map { Float($0 + index) + (seed == 1 ? 0 : 0.5) })
      _ = try store.root("encoder").buffer("\(dtype)", values.to(dtype))
    }
    _ = try Linear(store.root(head), inputs: 2, outputs: 2, bias: false)
    return store
  }

  func values(_ store: ParameterStore) throws -> [String: [Double]] {
    try Dictionary(uniqueKeysWithValues: store.entries.map { ($0.name, try $0.tensor.values(Double.self)) })
  }

  @Test("Every type comes back as it was, with its metadata")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("model.safetensors")
      let (first, second) = (try store(seed: 1), try store(seed: 2))
      try first.save(to: url, metadata: ["recipe": "a: 1\n"])
      let file = try SafetensorsFile(url)
      #expect(file.metadata == ["recipe": "a: 1\n"])
      #expect(file.entries["encoder.bfloat16"]?.type == .bfloat16)
      #expect(file.entries["encoder.float16"]?.type == .float16)
      #expect(file.entries["encoder.int64"]?.type == .int64)
      #expect(try values(first) != values(second))
      try second.load(file)
      #expect(try values(first) == values(second))
      #expect(second.entries.map(\.tensor.dtype) == first.entries.map(\.tensor.dtype))
      #expect(second["encoder.weight"]?.requiresGradient == true)
    }
  }

  @Test("Loading converts to the model's type")
  func converts() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("half.safetensors")
      let half = try ParameterStore(seed: 1)
      _ = try half.root.buffer("weight", Tensor([0.5, -2] as [Float]).to(.bfloat16))
      try half.save(to: url)
      let full = try ParameterStore(seed: 1)
      let weight = try full.root.parameter("weight", [2], .zeros)
      try full.load(SafetensorsFile(url))
      #expect(weight.dtype == .float32)
      #expect(try weight.values(Float.self) == [0.5, -2])
    }
  }

  @Test("What is missing, unexpected and of another shape is said together, and nothing is loaded")
  func strict() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("model.safetensors")
      try store(seed: 1, inputs: 4, head: "old").save(to: url)
      let target = try store(seed: 2)
      let before = try values(target)
      let error = #expect(throws: ParameterError.self) { try target.load(SafetensorsFile(url)) }
      #expect(
        words(of: try #require(error))
          == "\(url.path): the weights are not this model's; missing: head.weight; unexpected: old.weight; "
          + "of another shape: encoder.weight [2, 4], expected [2, 3]")
      #expect(try values(target) == before)
    }
  }

  @Test("One part alone is saved and loaded by its prefix, and names may be ignored")
  func prefixes() throws {
    try withTemporaryFolder { folder in
      let (whole, part) = (folder.appendingPathComponent("whole"), folder.appendingPathComponent("part"))
      let source = try store(seed: 1)
      try source.save(to: whole)
      try source.save(to: part, under: ["encoder."])
      #expect(try SafetensorsFile(part).entries.keys.allSatisfy { $0.hasPrefix("encoder.") })
      for url in [whole, part] {
        let target = try store(seed: 2, head: "other")
        let head = try target["other.weight"]?.values(Float.self)
        try target.load(SafetensorsFile(url), under: "encoder.")
        #expect(try target["encoder.weight"]?.values(Float.self) == source["encoder.weight"]?.values(Float.self))
        #expect(try target["other.weight"]?.values(Float.self) == head)
      }
      let encoder = try ParameterStore(seed: 3)
      _ = try Linear(encoder.root("encoder"), inputs: 3, outputs: 2)
      #expect(throws: ParameterError.self) { try encoder.load(SafetensorsFile(whole)) }
      let types = DType.allCases.map { "encoder.\($0)" }
      try encoder.load(SafetensorsFile(whole), ignoring: ["head."] + types)
      #expect(try encoder["encoder.weight"]?.values(Float.self) == source["encoder.weight"]?.values(Float.self))
      let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(part).tensor("head.weight") }
      #expect(words(of: try #require(error)) == "\(part.path): no tensor 'head.weight'")
    }
  }

  @Test("A checkpoint that cannot be written says so, and leaves the older one")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("absent/model.safetensors")
      #expect(throws: DiskError.self) { try store(seed: 1).save(to: url) }
    }
  }
}
