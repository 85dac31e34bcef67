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

@Suite("A weighted sum of an encoder's layers")
struct LayerSumTests {
  private static func recogniser(_ store: ParameterStore, _ kind: String = "linear") throws -> Recogniser {
    var head = ToyNights.head(kind)
    head.encoderLayers = .weighted
    return try ToyNights.recogniser(store, head: head)
  }

  private func withBatch(_ body: (Corpus, Batch, WindowSource) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [ToyNights.night("a", windows: 16, invalid: [4])])
      let source = try ToyNights.source(corpus)
      let plan = source.plans(recording: 0, length: 8, stride: 8, batchSize: 2)[0]
      try body(corpus, BatchReader([source]).read(plan), source)
    }
  }

  @Test("Layers are normalised, projected and, at the start, summed with equal weights; gaps stay zeros")
  func byHand() throws {
    try withBatch { _, batch, _ in
      let store = try ParameterStore(seed: 4)
      let model = try Self.recogniser(store)
      let input = try DeviceBatch(batch, on: .cpu)
      let scores = try model.scores(input, .inference)
      // The same encoder by itself.
      let own = try ParameterStore(seed: 4)
      let encoder = try ToyNights.encoder.make(own.root("encoder"), inputs: [ToyNights.input])
      let windows = try #require(input.inputs[.heartRate])
      let layers = try encoder.layers(windows, of: .heartRate, .inference)
      #expect(layers.map { $0.shape[2] } == [4, 4, 8, 8])
      var sum = try Tensor.zeros([2, 8, 8])
      for (index, layer) in layers.enumerated() {
        let mean = try layer.mean([2], keepAxes: true)
        let deviation = try (layer.variance([2], correction: 0, keepAxes: true) + 1e-5).squareRoot()
        let name = "layers.heart-rate.projections.\(index)"
        sum =
          try sum
          + ((layer - mean) / deviation).linear(#require(store["\(name).weight"]), store["\(name).bias"]) * 0.25
      }
      let bias = try #require(store["head.output.bias"])
      let expected = try sum.relu().linear(#require(store["head.output.weight"]), bias).values(Float.self)
      let found = try scores.values(Float.self)
      for window in 0..<16 {
        let wanted = window == 4 ? try bias.values(Float.self) : Array(expected[(window * 3)..<(window * 3 + 3)])
        expectClose(Array(found[(window * 3)..<(window * 3 + 3)]), wanted, relative: 1e-4, absolute: 1e-5)
      }
    }
  }

  @Test("Over a frozen encoder all layers are kept, and the sum and the head learn", arguments: ["linear", "bigru"])
  func frozen(kind: String) throws {
    try withBatch { corpus, batch, source in
      let store = try ParameterStore(seed: 4)
      let model = try Self.recogniser(store, kind)
      let view = try TrainedView(model, transfer: .frozen, FineTuningRecipe(), source, device: .cpu)
      let kept = try #require(
        try view.loss(
          batch, scheme: ToyNights.scheme, classWeights: nil, labelSmoothing: 0, Generator(seed: 1)))
      let anew = try #require(
        try model.freezingEncoder().loss(
          DeviceBatch(batch, on: .cpu), classWeights: nil, labelSmoothing: 0, .training(Generator(seed: 1))))
      expectClose([try kept.item()], [try anew.item()], relative: 1e-5)
      let before = try store.numbers()
      _ = try FineTuning(ToyNights.training(epochs: 2, sequence: 8), transfer: .frozen, seed: 1)(
        model, store, scheme: ToyNights.scheme, training: source, validation: nil)
      for (name, numbers) in try store.numbers() {
        #expect((before[name] != numbers) == !name.hasPrefix("encoder."), "\(name)")
      }
    }
  }

  @Test("A head that is computed learns no weights and is refused in words")
  func refusal() throws {
    var head = ToyNights.head("prototypes")
    head.encoderLayers = .weighted
    #expect(
      head.misfit?.description
        == "'encoder_layers' is weighted with 'kind' of prototypes, expected last: the weights are trained, and this head is computed "
        + "from the labelled windows")
  }
}
