import Corpora
import Downstream
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Heads that are computed")
struct FittedHeadTests {
  private static func prototypes(
    _ store: ParameterStore, _ metric: Nearness.Metric = .cosine, centre: Bool = false, inputs: Int, classes: Int
  ) throws -> PrototypesHead {
    var options = PrototypesHead.Options()
    (options.metric, options.centre, options.temperature) = (metric, centre, 0.2)
    return try PrototypesHead(store.root("head"), options, inputs: inputs, classes: classes)
  }

  private static func neighbours(
    _ store: ParameterStore, _ metric: Nearness.Metric = .cosine, centre: Bool = false, keep: Int = 6, inputs: Int,
    classes: Int
  ) throws -> NeighboursHead {
    var options = NeighboursHead.Options()
    (options.metric, options.centre, options.temperature, options.k, options.keep) = (metric, centre, 0.2, 4, keep)
    return try NeighboursHead(store.root("head"), options, inputs: inputs, classes: classes)
  }

  /// Windows that stand alone; without labels where there are none.
  private static func batch(_ count: Int, _ labels: [Int]? = nil) -> DeviceBatch {
    DeviceBatch(inputs: [:], labels: (labels ?? Array(repeating: -1, count: count)).map { Int8($0) }, length: 1)
  }

  private static func scores(_ head: any Head, _ vectors: Tensor, labels: [Int]? = nil, _ mode: Mode) throws
    -> [Float]
  {
    try head(vectors.unsqueezed(1), batch(vectors.shape[0], labels), mode).values(Float.self)
  }

  @Test(
    "Scores are scikit-learn's, and a class without labels has the lowest",
    arguments: [Nearness.Metric.cosine, .euclidean],
    [false, true])
  func reference(metric: Nearness.Metric, centre: Bool) throws {
    let fixture = Fixture("fitted-heads")
    let (vectors, queries) = (try fixture.floats("vectors"), try fixture.floats("queries"))
    let labels = try fixture.integers("labels")
    let name = "\(metric.rawValue)\(centre ? "-centred" : "")"
    let heads: [(String, any FittedHead)] = [
      ("prototypes", try Self.prototypes(ParameterStore(seed: 1), metric, centre: centre, inputs: 6, classes: 5)),
      ("neighbours", try Self.neighbours(ParameterStore(seed: 1), metric, centre: centre, inputs: 6, classes: 5)),
    ]
    for (kind, head) in heads {
      try head.fit(Tensor(vectors.values, shape: vectors.shape), labels: labels, seed: 1)
      let scores = try Self.scores(head, Tensor(queries.values, shape: queries.shape), .inference)
      expectClose(scores, try fixture.floats("\(kind)-\(name)").values, relative: 1e-3, absolute: 1e-3)
      for window in 0..<9 {
        let own = Array(scores[(window * 5)..<(window * 5 + 5)])
        #expect(own[3] == own.min())
      }
    }
  }

  private static let labels = [0, 1, 0, -1, 1, 0, 2]
  private static func vectors() throws -> Tensor { try Tensor.normal([7, 3], generator: Generator(seed: 4)) }

  @Test(
    "In training a window is scored by the others of its batch, as a head that was computed from them scores it",
    arguments: [Nearness.Metric.cosine, .euclidean], [false, true])
  func leavingOut(metric: Nearness.Metric, neighbours: Bool) throws {
    func head() throws -> any FittedHead {
      neighbours
        ? try Self.neighbours(ParameterStore(seed: 1), metric, inputs: 3, classes: 4)
        : try Self.prototypes(ParameterStore(seed: 1), metric, inputs: 3, classes: 4)
    }
    let vectors = try Self.vectors()
    let scores = try Self.scores(head(), vectors, labels: Self.labels, .training(Generator(seed: 1)))
    for window in Self.labels.indices {
      // The only window of its class is all that is known of the class.
      let alone = Self.labels[window] >= 0 && Self.labels.count { $0 == Self.labels[window] } == 1
      let others = Self.labels.indices.filter { Self.labels[$0] >= 0 && ($0 != window || alone && !neighbours) }
      let own = try head()
      try own.fit(
        vectors.select(0, indices: Tensor(others.map(Int64.init))), labels: others.map { Self.labels[$0] }, seed: 1)
      var expected = try Self.scores(own, vectors.narrowed(0, window..<(window + 1)), .inference)
      // Its class is known, though nobody else votes for it.
      if alone, neighbours { expected[Self.labels[window]] = log(0.01 / 1.04) }
      expectClose(Array(scores[(window * 4)..<(window * 4 + 4)]), expected, relative: 1e-4, absolute: 1e-4)
    }
  }

  @Test("At most so many vectors of a class are kept, drawn by seed, and the file's shapes do not tell how many")
  func keep() throws {
    func kept(_ seed: UInt64, _ count: Int) throws -> [String: [Float]] {
      let store = try ParameterStore(seed: 1)
      let head = try Self.neighbours(store, .euclidean, keep: 3, inputs: 1, classes: 2)
      #expect(store.parameterCount == 0)
      try head.fit(
        Tensor((0..<count).map { Float($0 + 1) }, shape: [count, 1]), labels: (0..<count).map { $0 % 2 }, seed: seed)
      return try store.numbers()
    }
    let few = try kept(1, 3)
    #expect(few["head.vectors"] == [1, 3, 0, 2, 0, 0])
    #expect(few["head.kept"] == [1, 1, 0, 1, 0, 0])
    let many = try kept(1, 100)
    #expect(many["head.kept"] == [1, 1, 1, 1, 1, 1])
    #expect(try kept(1, 100) == many)
    #expect(try kept(2, 100) != many)
    let vectors = try #require(many["head.vectors"])
    #expect(vectors.prefix(3).allSatisfy { Int($0) % 2 == 1 } && vectors.suffix(3).allSatisfy { Int($0) % 2 == 0 })
  }

  /// Fine-tunes on two nights and predicts a third.
  private func train(
    _ transfer: TransferProtocol, _ kind: String, _ corpus: Corpus, sequence: Int = 1,
    _ change: (inout FineTuningRecipe) -> Void = { _ in }
  ) throws -> (before: [String: [Float]], after: [String: [Float]], accuracy: Double, outcome: FineTuning.Outcome) {
    let store = try ParameterStore(seed: 11)
    let model = try ToyNights.recogniser(store, head: ToyNights.head(kind))
    let before = try store.numbers()
    var recipe = ToyNights.training(epochs: 20, sequence: sequence)
    change(&recipe)
    let outcome = try FineTuning(recipe, transfer: transfer, seed: 5)(
      model, store, scheme: ToyNights.scheme, training: ToyNights.source(corpus, ["a", "b"]),
      validation: ToyNights.source(corpus, ["c"]))
    let found = try Predictor(recipe, scheme: ToyNights.scheme)(
      model, store, ToyNights.source(corpus, ["c"]))[0]
    let scored = found.truth.indices.filter { found.classes[$0] >= 0 && found.truth[$0] >= 0 }
    let right = scored.count { found.truth[$0] == found.classes[$0] }
    return (before, try store.numbers(), Double(right) / Double(scored.count), outcome)
  }

  private func withCorpus(_ body: (Corpus) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try body(ToyNights.corpus(folder, ["a", "b", "c"].map { ToyNights.night($0, invalid: [5]) }))
    }
  }

  @Test(
    "Over a frozen encoder no step is taken, and the head tells the classes",
    arguments: ["prototypes", "neighbours"], [1, 8])
  func frozen(kind: String, sequence: Int) throws {
    try withCorpus { corpus in
      let (before, after, accuracy, outcome) = try train(.frozen, kind, corpus, sequence: sequence)
      for (name, numbers) in before where name.hasPrefix("encoder.") { #expect(after[name] == numbers, "\(name)") }
      #expect(after["head.mean"] == before["head.mean"])
      #expect(outcome.epochs == 0)
      #expect(accuracy > 0.8)
      // Changed inputs are those of training, which there is none of.
      let changed = try train(.frozen, kind, corpus, sequence: sequence) {
        $0.augmentation.signal = .init()
        $0.augmentation.signal?.noise = 0.5
      }
      for (name, numbers) in after {
        expectClose(try #require(changed.after[name]), numbers, relative: 1e-4, absolute: 1e-5)
      }
    }
  }

  @Test(
    "An encoder that learns is trained by the batches' own scores, and the head is of its last weights",
    arguments: ["prototypes", "neighbours"], [TransferProtocol.scratch, .fineTuned])
  func learning(kind: String, transfer: TransferProtocol) throws {
    try withCorpus { corpus in
      let (before, after, accuracy, outcome) = try train(transfer, kind, corpus)
      for (name, numbers) in before where name.hasPrefix("encoder.") { #expect(after[name] != numbers, "\(name)") }
      #expect(outcome.epochs == 20)
      #expect(accuracy > 0.8)
      // The same weights, frozen, have the same head.
      let store = try ParameterStore(seed: 11)
      let model = try ToyNights.recogniser(store, head: ToyNights.head(kind))
      for entry in store.entries {
        let tensor = try Tensor(#require(after[entry.name]), shape: entry.tensor.shape).to(entry.tensor.dtype)
        try LibTorch.withoutGradients { try entry.tensor.assign(tensor) }
      }
      _ = try FineTuning(ToyNights.training(epochs: 1), transfer: .frozen, seed: 5)(
        model, store, scheme: ToyNights.scheme, training: ToyNights.source(corpus, ["a", "b"]), validation: nil)
      for (name, numbers) in try store.numbers() {
        expectClose(numbers, try #require(after[name]), relative: 1e-4, absolute: 1e-5)
      }
    }
  }

  @Test("A chain over a head that is computed is refused in words", arguments: ["prototypes", "neighbours"])
  func chain(kind: String) throws {
    let misfit = try #require(ToyNights.head(kind, crf: true).misfit)
    #expect(
      misfit.description
        == "'crf' is true with 'kind' of \(kind), expected false: a chain is trained, and this head is computed from the "
        + "labelled windows")
    #expect(ToyNights.head("linear", crf: true).misfit == nil)
  }
}
