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

/// A model whose sequences are scored one by one, each with all its windows.
private struct EachAlone: RecognitionModel {
  let model: any RecognitionModel

  var inputs: [WindowContract] { model.inputs }
  var classes: Int { model.classes }
  var chain: ConditionalRandomField? { model.chain }

  func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor { try model.scores(batch, mode) }
}

@Suite("Prediction by stretches of windows")
struct StretchTests {
  private static let activity = WindowContract(sensor: .activity, channels: ["count"], shape: [1, 16], sampleRateHz: 1)
  private static let waveforms = EncoderRecipe(WaveformEncoder.self) { $0.width = 8 }
  private static let strides = [(4, 1), (5, 2), (7, 3), (24, 12), (24, 24), (40, 10)]

  /// A night of both sensors, with gaps of each and of both; another that ends before a sequence does, and one of one window.
  private static func nights() -> [RecordingWindows] {
    [("a", 25, [3, 4, 17] as Set<Int>), ("b", 3, [1]), ("c", 1, [])].map { subject, windows, invalid in
      var night = ToyNights.night(subject, windows: windows, invalid: invalid)
      var other = ToyNights.night(subject + "'", windows: windows, invalid: Set(invalid.map { $0 + 1 })).sensors[0]
      other = SensorWindows(
        contract: WindowContract(
          sensor: .activity, channels: [Channel(name: "count", unit: "count")], shape: [1, 16], sampleRateHz: 1),
        values: other.values)
      night.sensors.append(other)
      return night
    }
  }

  private func expectEqual(
    _ model: any RecognitionModel, _ need: SensorNeed = .all, _ change: (inout FineTuningRecipe) -> Void = { _ in }
  ) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, Self.nights())
      let source = try WindowSource(
        corpus, sensors: model.inputs.map(\.sensor), scheme: ToyNights.scheme, need: need)
      for (sequence, stride) in Self.strides {
        var recipe = ToyNights.training(epochs: 1, sequence: sequence)
        recipe.predictionStride = stride
        change(&recipe)
        let predictor = Predictor(recipe, scheme: ToyNights.scheme)
        let store = try ParameterStore(seed: 1)
        let found = try predictor(model, store, source)
        let expected = try predictor(EachAlone(model: model), store, source)
        #expect(found.map(\.classes) == expected.map(\.classes))
        for (one, other) in zip(found, expected) {
          expectClose(one.probabilities, other.probabilities, relative: 0, absolute: 1e-5)
        }
        #expect(found[0].classes.contains { $0 >= 0 })
      }
    }
  }

  @Test(
    "Recognisers predict what they do of each sequence alone, with a context and a chain, or all layers, or a missing sensor",
    arguments: ["linear", "bilstm", "tcn", "transformer"], [ToyNights.encoder, waveforms])
  func recognisers(kind: String, encoder: EncoderRecipe) throws {
    let inputs = [ToyNights.input, Self.activity]
    for crf in [false, true] {
      let store = try ParameterStore(seed: 2)
      try expectEqual(
        Recogniser(
          store.root, encoder: encoder, head: ToyNights.head(kind, crf: crf, clock: true), inputs: inputs, classes: 3))
    }
    var layered = ToyNights.head(kind)
    layered.encoderLayers = .weighted
    let store = try ParameterStore(seed: 3)
    try expectEqual(Recogniser(store.root, encoder: encoder, head: layered, inputs: inputs, classes: 3))
    guard encoder == ToyNights.encoder else { return }
    let tolerant = try ParameterStore(seed: 4)
    try expectEqual(
      Recogniser(
        tolerant.root, encoder: encoder, head: ToyNights.head(kind), inputs: inputs, classes: 3,
        toleratesMissing: true), .any)
  }

  @Test("Ensembles do, of members with and without a chain, and published systems")
  func models() throws {
    let members = try [false, true].map { crf in
      try ToyNights.recogniser(ParameterStore(seed: 3), head: ToyNights.head("bigru", crf: crf))
    }
    try expectEqual(Ensemble(members))
    var options = SleepVST.Options()
    (options.width, options.heads, options.feedForward, options.adapter) = (16, 2, 16, 4)
    for place in SleepVST.Options.AdapterPlace.allCases {
      options.adapterPlace = place
      try expectEqual(
        SleepVST(ParameterStore(seed: 4).root, options, inputs: [ToyNights.input, Self.activity], classes: 3))
    }
  }

  @Test("People's centres are taken away from what several sequences hold as from any")
  func centres() throws {
    try withTemporaryFolder { folder in
      let source = try ToyNights.source(ToyNights.corpus(folder, [ToyNights.night("a", windows: 12, invalid: [5])]))
      let store = try ParameterStore(seed: 3)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
      let predictions = try [(1, 0), (4, 2), (12, 0)].map { sequence, stride in
        var recipe = ToyNights.training(epochs: 1, sequence: sequence)
        (recipe.predictionStride, recipe.adaptation.centring) = (stride, .standard)
        return try Predictor(recipe, scheme: ToyNights.scheme)(model, store, source)[0].probabilities
      }
      // A linear head reads no neighbours, so that every plan gives the same.
      for other in predictions.dropFirst() { expectClose(other, predictions[0], relative: 0, absolute: 1e-5) }
    }
  }

  @Test("Stretches hold all sequences in order, and no more than 1024 windows or two sequences")
  func stretches() throws {
    try withTemporaryFolder { folder in
      let source = try ToyNights.source(ToyNights.corpus(folder, [ToyNights.night("a", windows: 2100)]))
      for (length, stride) in [(240, 60), (20, 1), (1000, 500), (2100, 2100), (3000, 3000), (2, 2)] {
        let sequences = source.plans(recording: 0, length: length, stride: stride, batchSize: 1).map(\.windows)
        let stretches = source.stretches(recording: 0, length: length, stride: stride)
        let found = stretches.flatMap { plan, starts in starts.map { Array(plan.windows[$0..<($0 + length)]) } }
        #expect(found == sequences)
        for (plan, starts) in stretches {
          #expect(plan.count == 1 && plan.length <= max(1024, 2 * length))
          #expect(starts.count * length <= 4096 || starts.count == 1)
        }
        #expect(stretches.count < sequences.count || sequences.count == 1)
      }
    }
  }
}
