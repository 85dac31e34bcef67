import Corpora
import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Recognisers in bfloat16")
struct PrecisionTests {
  /// The loss of a step's first batch, and the gradients that it leaves.
  private func step(
    _ precision: Precision, _ head: HeadRecipe, _ transfer: TransferProtocol, _ corpus: Corpus, batch size: Int = 4
  ) throws -> (loss: Float, gradients: [String: [Float]]) {
    let source = try ToyNights.source(corpus)
    let store = try ParameterStore(seed: 2)
    let model = try ToyNights.recogniser(store, head: head)
    try store.train(transfer.trainsEncoder ? .all : .all.but(["encoder."]))
    let view = try TrainedView(
      model, transfer: transfer, ToyNights.training(epochs: 1, sequence: 6), source, device: .cpu)
    let plan = try #require(source.plans(recording: 0, length: 6, stride: 6, batchSize: size).first)
    let batch = try BatchReader([source]).read(plan)
    let loss = try #require(
      try precision.inStep {
        try view.loss(
          batch, scheme: ToyNights.scheme, classWeights: nil, labelSmoothing: 0, Generator(seed: 1))
      })
    #expect(loss.dtype == .float32)
    try loss.backward()
    let gradients = try store.entries.compactMap { entry in
      try entry.tensor.gradient().map { (entry.name, try $0.values(Float.self)) }
    }
    return (Float(try loss.item()), Dictionary(uniqueKeysWithValues: gradients))
  }

  // Which windows are nearest turns on the last bit, so the head of neighbours has no gradient to compare.
  @Test(
    "Every head, with a chain and without: a step's loss and gradients are near to those in float32",
    arguments: Heads.names.filter { $0 != "neighbours" })
  func heads(kind: String) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [ToyNights.night("a", windows: 23, invalid: [4])])
      for crf in ToyNights.trainedHeads.contains(kind) ? [false, true] : [false] {
        let head = ToyNights.head(kind, crf: crf)
        let (half, whole) = try (
          step(.bfloat16, head, .scratch, corpus), step(.float32, head, .scratch, corpus)
        )
        #expect(half.loss != whole.loss && abs(half.loss - whole.loss) < 0.03 * whole.loss, "\(kind) \(crf)")
        #expect(half.gradients.keys == whole.gradients.keys)
        let all = whole.gradients.keys.sorted().map { (half.gradients[$0] ?? [], whole.gradients[$0] ?? []) }
        let (dot, one, other) = all.reduce(into: (Float(0), Float(0), Float(0))) { sums, pair in
          for (a, b) in zip(pair.0, pair.1) {
            sums.0 += a * b
            sums.1 += a * a
            sums.2 += b * b
          }
        }
        #expect(dot / (one * other).squareRoot() > 0.98, "\(kind) \(crf): the gradients' cosine")
      }
    }
  }

  @Test("An encoder that stays as it is, is read in float32, and its vectors are kept so")
  func frozen() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [ToyNights.night("a", windows: 23)])
      let source = try ToyNights.source(corpus)
      var kept: [[Data]] = []
      for precision in Precision.allCases {
        let store = try ParameterStore(seed: 2)
        let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
        let own = folder.appendingPathComponent(precision.rawValue)
        let view = try TrainedView(
          model, transfer: .frozen, ToyNights.training(epochs: 1), source, device: .cpu,
          vectors: (VectorFolder(own), store))
        let plan = try #require(source.plans(recording: 0, length: 1, stride: 1, batchSize: 8).first)
        _ = try precision.inStep {
          try view.loss(
            BatchReader([source]).read(plan), scheme: ToyNights.scheme, classWeights: nil, labelSmoothing: 0,
            Generator(seed: 1))
        }
        let files = try #require(FileManager.default.enumerator(at: own, includingPropertiesForKeys: nil))
          .compactMap { $0 as? URL }.filter { $0.pathExtension == "safetensors" }.sorted { $0.path < $1.path }
        kept.append(try files.map { try Data(contentsOf: $0) })
      }
      #expect(!kept[0].isEmpty && kept[0] == kept[1])
    }
  }

  @Test(
    "Every published system learns in bfloat16: its scores are float32, near to those of float32",
    arguments: RecognitionModels.all.map(\.name))
  func published(name: String) throws {
    let published = try RecognitionModels.named(name)
    func step(_ precision: Precision) throws -> [Float] {
      let store = try ParameterStore(seed: 1)
      let model = try published.make(store.root, published.inputs, published.classes)
      let generator = try Generator(seed: 2)
      let batch = try DeviceBatch(
        inputs: Dictionary(
          uniqueKeysWithValues: published.inputs.map {
            ($0.sensor, try Tensor.normal([2, 4] + $0.shape, generator: generator))
          }),
        labels: [Int8](repeating: 0, count: 8), length: 4)
      let scores = try precision.inStep {
        try Precision.forward(on: .cpu) { try model.scores(batch, .training(generator)) }
      }
      #expect(scores.dtype == .float32)
      try model.loss(of: scores, batch, classWeights: nil, labelSmoothing: 0).backward()
      #expect(try store.parameters().allSatisfy { try $0.gradient()?.isFinite() ?? true })
      return try scores.detach().values(Float.self)
    }
    let (half, whole) = try (step(.bfloat16), step(.float32))
    let largest = whole.map(abs).max() ?? 0
    #expect(half != whole && zip(half, whole).allSatisfy { abs($0 - $1) < 0.1 * max(largest, 0.5) })
  }
}
