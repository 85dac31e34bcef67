import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Weights

@Suite("Names of weights")
struct NamesTests {
  /// A store with a layer and a norm's statistics.
  private func store() throws -> ParameterStore {
    let store = try ParameterStore(seed: 1)
    let output = store.root("output")
    _ = try (output.parameter("weight", [2, 3], .zeros), output.parameter("bias", [2], .zeros))
    _ = try store.root("norm").buffer("num_batches_tracked", .zeros([], dtype: .int64))
    return store
  }

  private func write(_ tensors: [String: [Int]], _ value: Float = 1, to url: URL) throws {
    let items = tensors.map { name, shape in
      let values = [Float](repeating: value, count: shape.reduce(1, *))
      return SafetensorsItem(
        name: name, type: .float32, shape: shape, bytes: values.withUnsafeBytes { Data($0) })
    }
    try SafetensorsWriter.write(items, to: url)
  }

  private func table(_ text: String, in folder: URL) throws -> NameTable {
    let url = folder.appendingPathComponent("map.csv")
    try Data(text.utf8).write(to: url)
    return try NameTable(contentsOf: url)
  }

  @Test("Every missing, unexpected and reshaped name, and every one that a table has alone, stands in one error")
  func together() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("w.safetensors")
      try write(["output.weight": [3, 2], "head.scale": [1], "old": [4]], to: url)
      func problem(_ table: NameTable?) throws -> String? {
        let (file, store) = try (WeightsFormat.open(url), store())
        let error = #expect(throws: NamesError.self) {
          try WeightsMatch(file, to: store, of: "toy", namings: [], table: table)
        }
        return error.map { words(of: $0).replacingOccurrences(of: folder.path + "/", with: "") }
      }
      #expect(
        try problem(nil)
          == "w.safetensors: the weights are not those of 'toy', by our own names; missing: output.bias; unexpected: head.scale, old; of another shape: output.weight [3, 2], expected [2, 3]. Name what is called otherwise with --names, a table of theirs and ours; sizes are options of the model, with --set"
      )
      #expect(
        try problem(
          table(
            "theirs,ours\nhead.scale,output.bias\nnobody,output.weight\nold,\nold2,x\noutput.weight,y\n", in: folder))
          == "w.safetensors: the weights are not those of 'toy', by our own names, and a table; of another shape: output.weight [3, 2], expected [2, 3], output.bias (theirs: head.scale) [1], expected [2]; in map.csv and nowhere else: nobody (theirs), old2 (theirs), y (ours). Name what is called otherwise with --names, a table of theirs and ours; sizes are options of the model, with --set"
      )
    }
  }

  @Test("A table renames and leaves out, wrappers' names are taken away, and a count of batches may be missing")
  func renamed() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("w.safetensors")
      try write(["module.head.w": [2, 3], "module.output.bias": [2], "module.extra": [5]], 3, to: url)
      let store = try store()
      let match = try WeightsMatch(
        WeightsFormat.open(url), to: store, of: "toy", namings: [],
        table: table("head.w, output.weight\nmodule.extra,\n", in: folder))
      #expect(match.names == "our own names, and a table")
      #expect(match.pairs.map(\.theirs) == ["module.head.w", "module.output.bias"])
      try match.load(into: store)
      #expect(try store["output.weight"]?.values(Float.self) == [Float](repeating: 3, count: 6))
      #expect(try store["output.bias"]?.values(Float.self) == [3, 3])
    }
  }

  @Test("A number that is none is refused, and nothing is loaded")
  func notFinite() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("w.safetensors")
      try write(["output.weight": [2, 3], "output.bias": [2]], .nan, to: url)
      let store = try store()
      let match = try WeightsMatch(WeightsFormat.open(url), to: store, of: "toy", namings: [])
      let error = #expect(throws: WeightsError.self) { try match.load(into: store) }
      #expect(
        error.map(words)
          == "\(url.path): found a number in 'output.weight' that is infinite or none, expected finite ones: the training that made it failed"
      )
      #expect(try store["output.bias"]?.values(Float.self) == [0, 0])
    }
  }

  @Test(
    "A line of a table that is no pair, or a name that comes twice, is refused with its line",
    arguments: [
      ("a,b\nc\n", "2: found 'c', expected two names with a comma between them: theirs, ours"),
      ("a,b,c\n", "1: found 'a,b,c', expected two names with a comma between them: theirs, ours"),
      (",b\n", "1: found ',b', expected two names with a comma between them: theirs, ours"),
      ("a,b\n\na,c\n", "3: found 'a' a second time, expected each name once"),
      ("a,b\nc,b\n", "2: found 'b' a second time, expected each name once"),
    ])
  func tables(text: String, problem: String) throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: WeightsError.self) { try table(text, in: folder) }
      #expect(error.map(words) == "\(folder.path)/map.csv:\(problem)")
    }
  }

  @Test("SleepVST's parts are called as in the authors' class")
  func sleepVST() throws {
    let naming = try #require(KnownSystem.named("sleepvst")?.namings.first)
    #expect(naming.isPyTorch)
    let expected = [
      "encoder.ecg.stem.weight": "heart_encoder.front_conv.0.weight",
      "encoder.respiration.norm.running_var": "breath_encoder.front_conv.1.running_var",
      "encoder.ecg.blocks.1.conv2.bias": "heart_encoder.layer1.1.conv_block.3.bias",
      "encoder.ecg.blocks.2.shortcut_norm.num_batches_tracked":
        "heart_encoder.layer2.0.skip_proj.1.num_batches_tracked",
      "encoder.respiration.projection.weight": "proj_breath.weight",
      "transformer.layers.1.self_attn.in_proj_weight": "transformer.1.attn.in_proj_weight",
      "transformer.layers.0.self_attn.out_proj.bias": "transformer.0.attn.out_proj.bias",
      "transformer.layers.0.linear2.weight": "transformer.0.ff.3.weight",
      "transformer.norm.weight": "final_norm.weight", "output.bias": "classifier.bias",
    ]
    for (ours, theirs) in expected { #expect(naming.theirs(ours) == theirs) }
    for ours in ["adapter.down.weight", "encoder.ppg.stem.weight", "encoder.ecg", "transformer.layers", ""] {
      #expect(naming.theirs(ours) == nil, "\(ours)")
    }
  }
}
