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

/// Scores a window by its place in its sequence: the place itself for one class, the first or, turned, the second, and 0.75 for the other.
private struct PlaceModel: RecognitionModel {
  var isTurned = false
  let inputs = [ToyNights.input]
  let classes = 2

  func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let row = (0..<batch.length).flatMap { place -> [Float] in
      isTurned ? [0.75, Float(place)] : [Float(place), 0.75]
    }
    let scores: [Float] = (0..<batch.count).flatMap { _ in row }
    return try Tensor(scores, shape: [batch.count, batch.length, 2])
  }
}

@Suite("Prediction")
struct PredictorTests {
  private func predict(
    _ recipe: FineTuningRecipe, _ night: RecordingWindows, _ model: PlaceModel = PlaceModel()
  ) throws -> Prediction {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [night])
      let source = try WindowSource(corpus, sensors: [.heartRate], scheme: .wakeSleep)
      return try #require(
        try Predictor(recipe, scheme: .wakeSleep)(model, ParameterStore(seed: 1), source).first)
    }
  }

  @Test("A window's scores are the mean over the sequences that hold it; one that was not measured has no class")
  func overlap() throws {
    var recipe = ToyNights.training(epochs: 1, sequence: 3)
    recipe.predictionStride = 2
    // Sequences 0-2, 2-4 and 4-6, the last one padded: places 0, 1, 2|0, 1, 2|0, 1.
    let prediction = try predict(recipe, ToyNights.night("a", windows: 6, invalid: [3]))
    let scores: [Float] = [0, 1, 1, 1, 1, 1]
    #expect(prediction.classes == [1, 0, 0, -1, 0, 0])
    #expect(prediction.truth == ToyNights.stages(6).map { $0 == 0 ? 0 : 1 })
    let expected = scores.enumerated().flatMap { window, score -> [Float] in
      let share = exp(score) / (exp(score) + exp(0.75))
      return window == 3 ? [0, 0] : [share, 1 - share]
    }
    expectClose(prediction.probabilities, expected)
  }

  @Test(
    "Votes: the class that most sequences give, of equals that of the earliest; probabilities stay those of the mean")
  func votes() throws {
    var recipe = ToyNights.training(epochs: 1, sequence: 4)
    recipe.predictionStride = 1
    // Sequences begin at 0, 1 and 2, so that the six windows stand at places 0; 1, 0; 2, 1, 0; 3, 2, 1; 3, 2; 3. Place 0 alone is for the other
    // class: it has the first window, and of the second one vote of two, that of the later sequence. By the mean it has both.
    for isTurned in [false, true] {
      func predicted(votes: Bool) throws -> Prediction {
        recipe.votes = votes
        return try predict(recipe, ToyNights.night("a", windows: 6, invalid: [4]), PlaceModel(isTurned: isTurned))
      }
      let (mean, voted) = try (predicted(votes: false), predicted(votes: true))
      let (own, other): (Int8, Int8) = isTurned ? (1, 0) : (0, 1)
      #expect(mean.classes == [other, other, own, own, -1, own])
      #expect(voted.classes == [other, own, own, own, -1, own])
      #expect(voted.probabilities == mean.probabilities)
    }
  }

  @Test("A recording is one sequence without a stride, and windows stand alone without a sequence")
  func wholeAndAlone() throws {
    let night = ToyNights.night("a", windows: 4)
    #expect(try predict(ToyNights.training(epochs: 1, sequence: 3), night).classes == [1, 0, 0, 0])
    #expect(try predict(ToyNights.training(epochs: 1), night).classes == [1, 1, 1, 1])
  }

  @Test("A chain's probabilities are marginals, and its classes the best path")
  func chain() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [ToyNights.night("a", windows: 10, invalid: [0, 9])])
      let store = try ParameterStore(seed: 8)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("bilstm", crf: true))
      let prediction = try #require(
        try Predictor(ToyNights.training(epochs: 1, sequence: 4), scheme: ToyNights.scheme)(
          model, store, ToyNights.source(corpus)
        ).first)
      #expect(prediction.classes.map { $0 >= 0 } == (0..<10).map { $0 != 0 && $0 != 9 })
      for window in 1..<9 {
        let row = prediction.probabilities[(window * 3)..<(window * 3 + 3)]
        expectClose([row.reduce(0, +)], [1], relative: 1e-4)
      }
    }
  }

  @Test("With maps mirrored, a map and its mirror image get scores of which one's are the other's mirrored")
  func mirrored() throws {
    try withTemporaryFolder { folder in
      let contract = WindowContract(sensor: .pressureMap, shape: [8, 8])
      var random = RandomSource(seed: 3)
      let map = (0..<64).map { _ in Float.random(in: 0...1, using: &random) }
      let turned = (0..<64).map { place -> Float in
        let (row, column) = (place / 8, place % 8)
        return map[row * 8 + 7 - column]
      }
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .postures)
      try writer.write(
        RecordingWindows(
          id: "a", subject: Subject("a"), labels: [0, 1],
          sensors: [SensorWindows(contract: contract, values: map + turned)]))
      let source = try WindowSource(writer.finish(), sensors: [.pressureMap], scheme: .postures3)
      let encoder = EncoderRecipe(SharedEncoder.self) { ($0.width, $0.map.channels) = (8, [4]) }
      let store = try ParameterStore(seed: 4)
      let model = try Recogniser(
        store.root, encoder: encoder, head: ToyNights.head("linear"),
        inputs: [WindowContract(sensor: .pressureMap, channels: [], shape: [8, 8], sampleRateHz: nil)], classes: 3)
      var recipe = ToyNights.training(epochs: 1)
      func probabilities() throws -> [Float] {
        try #require(Predictor(recipe, scheme: .postures3)(model, store, source).first).probabilities
      }
      let plain = try probabilities()
      recipe.mirrored = true
      let both = try probabilities()
      // Supine stays; right and left change places.
      expectClose(Array(both[3..<6]), [both[0], both[2], both[1]])
      #expect(plain != both)
      let sides = [0, 2, 1].map { 3 + $0 }
      let mean = (0..<3).map { exp((log(plain[$0]) + log(plain[sides[$0]])) / 2) }
      let total = mean.reduce(0, +)
      expectClose(Array(both[0..<3]), mean.map { $0 / total }, relative: 1e-4)
    }
  }
}
