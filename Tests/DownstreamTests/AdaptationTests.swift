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

@Suite("Adapting to a person")
struct AdaptationTests {
  /// Two nights of two people, the second's windows at another level and with another spread.
  private func corpus(_ folder: URL) throws -> Corpus {
    var other = ToyNights.night("b", windows: 12, invalid: [5])
    for index in other.sensors[0].values.indices where other.sensors[0].values[index] != 0 {
      other.sensors[0].values[index] = 3 * other.sensors[0].values[index] + 4
    }
    return try ToyNights.corpus(folder, [ToyNights.night("a", windows: 12), other])
  }

  private func predictions(
    _ model: any RecognitionModel, _ store: ParameterStore, _ source: WindowSource,
    _ change: (inout AdaptationRecipe) -> Void
  ) throws -> [[Float]] {
    var recipe = ToyNights.training(epochs: 1)
    change(&recipe.adaptation)
    return try Predictor(recipe, scheme: ToyNights.scheme)(model, store, source).map(\.probabilities)
  }

  @Test(
    "Batch norms have each person's own statistics while the person is predicted, and those of the training after it")
  func statistics() throws {
    try withTemporaryFolder { folder in
      let corpus = try corpus(folder)
      let store = try ParameterStore(seed: 3)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
      let source = try ToyNights.source(corpus)
      let before = try store.snapshot().map { try $0.values(Float.self) }
      let own = try predictions(model, store, source) { $0.statistics = .person }
      #expect(try store.snapshot().map { try $0.values(Float.self) } == before)
      let plain = try predictions(model, store, source) { _ in }
      #expect(own[0] != plain[0] && own[1] != plain[1])
      // Whoever else is predicted beside a person changes nothing for that person.
      let alone = try predictions(model, store, ToyNights.source(corpus, ["b"])) { $0.statistics = .person }
      expectClose(alone[0], own[1], absolute: 0)
    }
  }

  @Test(
    "What every window of a person has in common is gone once vectors are centred; where nothing was measured stays zero"
  )
  func centring() throws {
    try withTemporaryFolder { folder in
      let corpus = try corpus(folder)
      let store = try ParameterStore(seed: 3)
      var head = HeadRecipe(Choice(LinearHead.self) { ($0.dropout, $0.input) = (0, .standardised) })
      head.crf = false
      let model = try ToyNights.recogniser(store, head: head)
      let source = try ToyNights.source(corpus)
      for centring in [AdaptationRecipe.Centring.mean, .standard] {
        let centred = try predictions(model, store, source) { $0.centring = centring }
        #expect(centred[1][15..<18].allSatisfy { $0 == 0 })
        // A linear head of centred vectors gives logits whose mean over a person's windows is its bias: the same for both.
        func meanLogits(_ probabilities: [Float]) -> [Double] {
          let rows = stride(from: 0, to: probabilities.count, by: 3).map { Array(probabilities[$0..<($0 + 3)]) }
            .filter { $0.contains { $0 > 0 } }
          return [0, 1].map { index in
            rows.reduce(0) { $0 + log(Double($1[index]) / Double($1[2])) } / Double(rows.count)
          }
        }
        expectClose(meanLogits(centred[0]), meanLogits(centred[1]), absolute: 1e-4)
        let plain = try predictions(model, store, source) { _ in }
        #expect(zip(meanLogits(plain[0]), meanLogits(plain[1])).contains { abs($0 - $1) > 1e-2 })
      }
    }
  }

  @Test(
    "A head learns from centred vectors in every protocol, and only a recogniser has such",
    arguments: TransferProtocol.allCases)
  func training(_ transfer: TransferProtocol) throws {
    try withTemporaryFolder { folder in
      let corpus = try corpus(folder)
      let source = try ToyNights.source(corpus)
      let store = try ParameterStore(seed: 3)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
      var recipe = ToyNights.training(epochs: 40, rate: 0.05)
      recipe.adaptation.centring = .standard
      recipe.select = .last
      _ = try FineTuning(recipe, transfer: transfer, seed: 1)(
        model, store, scheme: ToyNights.scheme, training: source, validation: nil)
      let predictions = try Predictor(recipe, scheme: ToyNights.scheme)(model, store, source)
      let right = predictions.reduce(0) { sum, night in
        sum + zip(night.truth, night.classes).count { $0 >= 0 && $0 == $1 }
      }
      let all = predictions.reduce(0) { $0 + $1.truth.count { $0 >= 0 } }
      #expect(Double(right) > 0.6 * Double(all), "\(right) of \(all)")
      let error = #expect(throws: ModelError.self) {
        try TrainedView(
          ScaledModel(store.root("scaling"), .minMax, model), transfer: transfer, recipe, source, device: .cpu)
      }
      #expect(
        error?.localizedDescription
          == "'finetuning.adaptation.centring' of a model whose vectors are not known, expected none, or a recogniser of encoder "
          + "and head")
    }
  }

  @Test(
    "A head trained on its own labels of a person is another while the person is predicted, and no truth is read for it"
  )
  func testTime() throws {
    try withTemporaryFolder { folder in
      let night = ToyNights.night("a", windows: 24)
      let wrong = ToyNights.night("a", windows: 24, labels: [Int8](repeating: 4, count: 24))
      let corpora = try [night, wrong].enumerated().map { index, night in
        try ToyNights.corpus(folder.appendingPathComponent("\(index)"), [night])
      }
      let store = try ParameterStore(seed: 3)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
      let before = try store.snapshot().map { try $0.values(Float.self) }
      func own(_ corpus: Corpus, _ change: (inout TestTimeRecipe) -> Void = { _ in }) throws -> [[Float]] {
        try predictions(model, store, ToyNights.source(corpus)) {
          ($0.testTime.steps, $0.testTime.rate, $0.testTime.confidence, $0.testTime.gate) = (10, 0.05, 0, 0)
          change(&$0.testTime)
        }
      }
      let plain = try predictions(model, store, ToyNights.source(corpora[0])) { _ in }
      let adapted = try own(corpora[0])
      #expect(adapted != plain)
      #expect(try own(corpora[1]) == adapted)
      #expect(try store.snapshot().map { try $0.values(Float.self) } == before)
      // By its own labels it grows surer of them.
      func sureness(_ rows: [[Float]]) -> Float {
        let maxima = rows[0].indices.filter { $0 % 3 == 0 }.map { rows[0][$0..<($0 + 3)].max() ?? 0 }
        return maxima.reduce(0, +)
      }
      #expect(sureness(adapted) > sureness(plain))
      // Nothing is as probable as that, so that nothing is trained on.
      #expect(try own(corpora[0]) { $0.confidence = 1 } == plain)
    }
  }

  @Test("A gate that stays shut leaves what was said before")
  func gate() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [ToyNights.night("a", windows: 24)])
      let store = try ParameterStore(seed: 3)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
      let source = try ToyNights.source(corpus)
      _ = try FineTuning(ToyNights.training(epochs: 30, rate: 0.05), transfer: .scratch, seed: 1)(
        model, store, scheme: ToyNights.scheme, training: source, validation: nil)
      let plain = try predictions(model, store, source) { _ in }
      // One wild step throws labels about: all of them would have to stay.
      let wild = try predictions(model, store, source) {
        ($0.testTime.steps, $0.testTime.rate, $0.testTime.confidence, $0.testTime.gate) = (1, 1000, 0, 1)
      }
      #expect(wild == plain)
      let open = try predictions(model, store, source) {
        ($0.testTime.steps, $0.testTime.rate, $0.testTime.confidence, $0.testTime.gate) = (1, 1000, 0, 0)
      }
      #expect(open != plain)
    }
  }

  @Test("An encoder whose vectors are kept while something else learns has them centred in training too")
  func keptVectors() throws {
    try withTemporaryFolder { folder in
      let source = try ToyNights.source(corpus(folder))
      let store = try ParameterStore(seed: 3)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
      var recipe = ToyNights.training(epochs: 1)
      recipe.thaw = 0.5
      let batch = try BatchReader([source]).read(
        source.plans(recording: 0, length: 12, stride: 12, batchSize: 1)[0])
      func loss(_ centring: AdaptationRecipe.Centring) throws -> Double {
        recipe.adaptation.centring = centring
        let view = try TrainedView(model, transfer: .fineTuned, recipe, source, device: .cpu)
        try view.begin()
        return try #require(
          try view.loss(
            batch, scheme: ToyNights.scheme, classWeights: nil, labelSmoothing: 0, Generator(seed: 1))
        ).item()
      }
      #expect(try loss(.standard) != loss(.none))
    }
  }
}
