import SleepCore
import Corpora
import Downstream
import Layers
import Tensors
import TestSupport
import Testing
import Training

@Suite("Heads")
struct HeadTests {
  @Test(
    "Every head scores each window of a sequence and learns in all its parts, with and without a chain",
    arguments: Heads.names, [false, true])
  func shapes(kind: String, crf: Bool) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [ToyNights.night("a"), ToyNights.night("b", windows: 13)])
      let store = try ParameterStore(seed: 3)
      let model = try ToyNights.recogniser(store, head: ToyNights.head(kind, crf: crf, clock: true))
      #expect((model.chain != nil) == crf)
      #expect(
        Set(store.entries.map { $0.name.split(separator: ".")[0] })
          == (crf ? ["encoder", "head", "chain"] : ["encoder", "head"]))
      let source = try ToyNights.source(corpus)
      let plans = try [0, 1].flatMap {
        try ToyNights.source(corpus).plans(recording: $0, length: 8, stride: 8, batchSize: 4)
      }
      for plan in plans {
        let batch = try DeviceBatch(BatchReader([source]).read(plan), on: .cpu)
        #expect(try model.scores(batch, .inference).shape == [plan.count, 8, 3])
        let loss = try #require(
          try model.loss(batch, classWeights: nil, labelSmoothing: 0, .training(Generator(seed: 1))))
        #expect(loss.shape == [])
        #expect(try loss.item().isFinite)
        try store.clearGradients()
        try loss.backward()
        for entry in store.entries where entry.kind == .parameter {
          #expect(try entry.tensor.gradient() != nil, "\(entry.name)")
        }
      }
    }
  }

  @Test("A batch without a label has no loss")
  func noLabels() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(
        folder, [ToyNights.night("a", windows: 8, labels: [Int8](repeating: -1, count: 8))])
      let source = try ToyNights.source(corpus)
      let model = try ToyNights.recogniser(ParameterStore(seed: 1), head: ToyNights.head("bilstm", crf: true))
      let plan = source.plans(recording: 0, length: 8, stride: 8, batchSize: 1)[0]
      let batch = try DeviceBatch(BatchReader([source]).read(plan), on: .cpu)
      #expect(try model.loss(batch, classWeights: nil, labelSmoothing: 0, .inference) == nil)
    }
  }
}
