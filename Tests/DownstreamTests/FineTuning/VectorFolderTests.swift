import Corpora
import Downstream
import Files
import Foundation
import Layers
import SleepCore
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

@Suite("Vectors that are kept on disk")
struct VectorFolderTests {
  private final class Words: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  private func train(
    _ corpus: Corpus, _ vectors: VectorFolder?, weights seed: UInt64 = 11, head: HeadRecipe = ToyNights.head("mlp")
  ) throws -> [String: [Float]] {
    let store = try ParameterStore(seed: seed)
    let model = try ToyNights.recogniser(store, head: head)
    _ = try FineTuning(ToyNights.training(epochs: 2, sequence: 8), transfer: .frozen, seed: 5, vectors: vectors)(
      model, store, scheme: ToyNights.scheme, training: ToyNights.source(corpus), validation: nil)
    return try store.numbers()
  }

  private func files(_ folder: URL) throws -> [URL] {
    let encoders = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try encoders.flatMap { try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil) }
      .sorted { $0.path < $1.path }
  }

  private func withCorpus(_ body: (Corpus, URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(
        folder.appendingPathComponent("corpus"),
        [ToyNights.night("a", invalid: [5]), ToyNights.night("b", windows: 13)])
      try body(corpus, folder.appendingPathComponent("vectors"))
    }
  }

  @Test("Training gives the same bits without them, when they are made, and when they are read")
  func bits() throws {
    try withCorpus { corpus, folder in
      let words = Words()
      let vectors = VectorFolder(folder) { words.add($0) }
      let without = try train(corpus, nil)
      #expect(try train(corpus, vectors) == without)
      let made = try files(folder)
      #expect(made.count == 2 && made.allSatisfy { $0.pathExtension == "safetensors" })
      let first = try made.map { try Data(contentsOf: $0) }
      #expect(try train(corpus, vectors) == without)
      #expect(try files(folder) == made && made.map { try Data(contentsOf: $0) } == first)
      #expect(try SafetensorsFile(made[0]).entries.keys.sorted() == ["vectors"])
      // What is kept is what is read.
      let other = try Tensor.ones([24, 8])
      let file = try #require(made.first { try SafetensorsFile($0).entries["vectors"]?.shape == [24, 8] })
      try replace(file, other)
      #expect(try train(corpus, vectors) != without)
      #expect(words.all == [])
    }
  }

  /// Overwrites a file of vectors by one that is as whole.
  private func replace(_ url: URL, _ vectors: Tensor) throws {
    var bytes = Data(count: vectors.count * 4)
    try bytes.withUnsafeMutableBytes { try vectors.copyBytes(to: $0, byteCount: $0.count) }
    var hash = ContentHash()
    bytes.withUnsafeBytes { hash.combineWords($0) }
    try SafetensorsWriter.write(
      [SafetensorsItem(name: "vectors", type: .float32, shape: vectors.shape, bytes: bytes)],
      metadata: ["hash": hash.text], to: url)
  }

  @Test("Other weights, and other layers that are read, have files of their own")
  func names() throws {
    try withCorpus { corpus, folder in
      let vectors = VectorFolder(folder)
      _ = try train(corpus, vectors)
      _ = try train(corpus, vectors, head: ToyNights.head("linear"))
      #expect(try files(folder).count == 2)
      _ = try train(corpus, vectors, weights: 12)
      #expect(try files(folder).count == 4)
      var head = ToyNights.head("linear")
      head.encoderLayers = .weighted
      _ = try train(corpus, vectors, head: head)
      #expect(try files(folder).count == 6)
    }
  }

  @Test("A broken file is made anew, and that is said", arguments: ["cut off", "changed"])
  func broken(how: String) throws {
    try withCorpus { corpus, folder in
      let words = Words()
      let vectors = VectorFolder(folder) { words.add($0) }
      let without = try train(corpus, vectors)
      let file = try files(folder)[0]
      let whole = try Data(contentsOf: file)
      var data = whole
      if how == "cut off" { data.removeLast(8) } else { data[data.count - 3] ^= 1 }
      try data.write(to: file)
      #expect(try train(corpus, vectors) == without)
      #expect(try Data(contentsOf: file) == whole)
      #expect(words.all.count == 1)
      let line = try #require(words.all.first)
      #expect(line.hasPrefix(file.path) && line.hasSuffix("; it is made anew"))
      if how == "changed" { #expect(line == "\(file.path): other numbers than were written; it is made anew") }
    }
  }

  @Test("Where nothing can be written training goes on, and that is said")
  func unwritable() throws {
    try withCorpus { corpus, folder in
      let words = Words()
      try Data().write(to: folder)
      #expect(try train(corpus, VectorFolder(folder) { words.add($0) }) == train(corpus, nil))
      #expect(words.all.count == 2 && words.all.allSatisfy { $0.hasSuffix("; the vectors are not kept") })
    }
  }

  @Test("The user's own folder is where the environment says")
  func perUser() {
    #expect(VectorFolder.perUser(["SSRM_CACHE": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"]).url.path == "/a/vectors")
    #expect(VectorFolder.perUser(["XDG_CACHE_HOME": "/b", "HOME": "/c"]).url.path == "/b/ssrm/vectors")
    #expect(VectorFolder.perUser(["SSRM_CACHE": "", "HOME": "/c"]).url.path == "/c/.cache/ssrm/vectors")
  }
}
