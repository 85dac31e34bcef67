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

/// Heads that read each window's plain quantities beside its vector.
@Suite("Profiles beside vectors")
struct ProfileTests {
  private static func head(_ kind: String) -> HeadRecipe {
    var head = ToyNights.head(kind)
    head.profile = true
    return head
  }

  private func withSource(_ body: (WindowSource) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try body(
        ToyNights.source(ToyNights.corpus(folder, ["a", "b"].map { ToyNights.night($0, invalid: [5]) })).profiled())
    }
  }

  private func batch(_ source: WindowSource, recording: Int = 0) throws -> Batch {
    try BatchReader([source]).read(source.plans(recording: recording, length: 30, stride: 30, batchSize: 1)[0])
  }

  @Test("A head of any kind reads the vectors and, behind them, what the night's profile says of each window")
  func inputs() throws {
    try withSource { source in
      let read = try batch(source)
      let profile = try NightProfile(source, recording: 0)
      for kind in ToyNights.trainedHeads {
        let store = try ParameterStore(seed: 1)
        let model = try ToyNights.recogniser(store, head: Self.head(kind))
        let inputs = try #require(try? DeviceBatch(read, on: .cpu))
        let joined = try inputs.profile(of: [.heartRate])
        #expect(joined.shape == [1, 30, profile.width])
        var expected = profile.values
        // The window that was not measured, and padding.
        for index in (5 * profile.width)..<(6 * profile.width) { expected[index] = 0 }
        expectClose(try joined.values(), expected + [Float](repeating: 0, count: 6 * profile.width))
        #expect(try model.scores(inputs, .inference).shape == [1, 30, 3])
      }
    }
  }

  @Test("Where augmentation has destroyed what tells classes apart, the profile still tells them")
  func kept() throws {
    try withSource { source in
      func accuracy(_ head: HeadRecipe) throws -> Double {
        var recipe = ToyNights.training(epochs: 150, rate: 0.3)
        // The toy's stages differ in level and in nothing else.
        var signal = SignalAugmentation()
        (signal.noise, signal.offset) = (0, 50)
        recipe.augmentation.signal = signal
        let store = try ParameterStore(seed: 2)
        let model = try ToyNights.recogniser(store, head: head)
        let training = source.keeping { source.store.recordings[$0].subject == Subject("a") }
        let tested = source.keeping { source.store.recordings[$0].subject == Subject("b") }
        _ = try FineTuning(recipe, transfer: .frozen, seed: 3)(
          model, store, scheme: ToyNights.scheme, training: training, validation: nil)
        let prediction = try Predictor(recipe, scheme: ToyNights.scheme)(model, store, tested)[0]
        let scored = prediction.truth.indices.filter { prediction.classes[$0] >= 0 }
        return Double(scored.count { prediction.truth[$0] == prediction.classes[$0] }) / Double(scored.count)
      }
      let (with, without) = (try accuracy(Self.head("linear")), try accuracy(ToyNights.head("linear")))
      #expect(with > 0.8, "\(with)")
      #expect(with > without + 0.1, "\(with), \(without)")
    }
  }

  @Test("Vectors that are kept and vectors that are computed anew have the same profile beside them")
  func keptVectors() throws {
    try withSource { source in
      func weights(_ augmentation: SignalAugmentation?) throws -> [String: [Float]] {
        var recipe = ToyNights.training(epochs: 3)
        recipe.augmentation.signal = augmentation
        let store = try ParameterStore(seed: 2)
        _ = try FineTuning(recipe, transfer: .frozen, seed: 3)(
          ToyNights.recogniser(store, head: Self.head("mlp")), store, scheme: ToyNights.scheme, training: source,
          validation: nil)
        return try store.numbers()
      }
      // A change that changes nothing: the encoder then reads every batch.
      var nothing = SignalAugmentation()
      nothing.noise = 1e-12
      let (kept, anew) = (try weights(nil), try weights(nothing))
      for (name, values) in kept { expectClose(values, anew[name] ?? [], relative: 1e-3, absolute: 1e-5) }
    }
  }

  @Test("A sensor that is left out of a sequence says nothing there, and one that a recording lacks nothing at all")
  func missing() throws {
    let activity = WindowContract(
      sensor: .activity, channels: [Channel(name: "count", unit: "count")], shape: [1, 16], sampleRateHz: 1)
    try withTemporaryFolder { folder in
      var both = ToyNights.night("a")
      both.sensors.append(
        SensorWindows(contract: activity, values: (0..<24 * 16).map { Float($0 * $0 % 97) }))
      let corpus = try ToyNights.corpus(folder, [both, ToyNights.night("b")])
      let source = try WindowSource(
        corpus, sensors: [.heartRate, .activity], scheme: ToyNights.scheme, need: .any, contracts: [activity]
      ).profiled()
      func profile(_ source: WindowSource, _ recording: Int, left: Set<Sensor> = []) throws -> [[Float]] {
        let batch = try DeviceBatch(
          BatchReader([source]).read(source.plans(recording: recording, length: 24, stride: 24, batchSize: 1)[0]),
          on: .cpu)
        let own = left.isEmpty ? batch : batch.leavingOut([left], of: [.heartRate, .activity])
        return try own.profile(of: [.heartRate, .activity]).split(10, axis: 2).map { try $0.values(Float.self) }
      }
      let whole = try profile(source, 0)
      #expect(whole.allSatisfy { $0.contains { $0 != 0 } })
      let dropped = try profile(source, 0, left: [.activity])
      #expect(dropped[0] == whole[0] && dropped[1].allSatisfy { $0 == 0 })
      let lacking = try profile(source, 1)
      #expect(lacking[0].contains { $0 != 0 } && lacking[1].allSatisfy { $0 == 0 })
      let without = try profile(source.leavingOut([.heartRate]), 0)
      #expect(without[0].allSatisfy { $0 == 0 } && without[1] == whole[1])
    }
  }

  @Test("A batch that was read without profiles is refused by a head that reads them")
  func refused() throws {
    try withSource { source in
      let store = try ParameterStore(seed: 1)
      let model = try ToyNights.recogniser(store, head: Self.head("linear"))
      let plain = try ToyNights.source(#require(source.store as? Corpus))
      let error = #expect(throws: EncoderError.self) {
        try model.scores(DeviceBatch(batch(plain), on: .cpu), .inference)
      }
      #expect(error?.localizedDescription.contains("heart-rate") ?? false)
    }
  }
}
