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

/// A recogniser of two sensors, of which each may be missing.
@Suite("Recognisers that do without a sensor")
struct MissingSensorTests {
  private static let activity = WindowContract(
    sensor: .activity, channels: ["count"], shape: [1, 16], sampleRateHz: 1)
  private static let inputs = [ToyNights.input, activity]
  /// The first sequence lacks activity, the second has a gap in each.
  private static let measured: [Sensor: [Bool]] = [
    .heartRate: [true, true, true, false, true, true], .activity: [false, false, false, true, true, false],
  ]

  private static func recogniser(
    _ store: ParameterStore, _ kind: String, missing: Bool = true, context: ContextRecipe = .init()
  ) throws -> Recogniser {
    try Recogniser(
      store.root, encoder: ToyNights.encoder, context: context, head: ToyNights.head(kind), inputs: inputs, classes: 3,
      toleratesMissing: missing)
  }

  /// Two sequences of three windows; what a sensor did not measure holds a value that must not matter.
  private static func batch(garbage: Float, _ measured: [Sensor: [Bool]]? = measured) throws -> DeviceBatch {
    let mask = (0..<6).map { window in measured?.values.contains { $0[window] } ?? true }
    let tensors = try inputs.map { input -> (Sensor, Tensor) in
      var values = try Formula.uniform(input.sensor.rawValue, [6, 1, 16]).values(Float.self)
      for window in 0..<6 where !(measured?[input.sensor]?[window] ?? true) {
        for index in (window * 16)..<((window + 1) * 16) { values[index] = garbage }
      }
      return (input.sensor, try Tensor(values, shape: [2, 3, 1, 16]))
    }
    let labels = Formula.classes("labels", [6], 3)
    return DeviceBatch(
      inputs: Dictionary(uniqueKeysWithValues: tensors), labels: zip(labels, mask).map { $1 ? $0 : -1 }, mask: mask,
      measured: measured, length: 3)
  }

  private static func step(_ batch: DeviceBatch, _ kind: String) throws -> (loss: Double, store: ParameterStore) {
    let store = try ParameterStore(seed: 3)
    let model = try recogniser(store, kind)
    let loss = try #require(
      try model.loss(batch, classWeights: nil, labelSmoothing: 0, .training(Generator(seed: 1))))
    try loss.backward()
    return (try loss.item(), store)
  }

  @Test(
    "What stands where a sensor did not measure changes neither loss nor gradients nor statistics",
    arguments: ["linear", "bilstm"])
  func garbage(kind: String) throws {
    let (loss, store) = try Self.step(Self.batch(garbage: 0), kind)
    let (other, others) = try Self.step(Self.batch(garbage: 1e3), kind)
    #expect(loss == other)
    #expect(try store.numbers() == others.numbers())
    for (one, two) in zip(store.entries, others.entries) where one.kind == .parameter {
      #expect(try one.tensor.gradient()?.values(Float.self) == two.tensor.gradient()?.values(Float.self), "\(one.name)")
    }
    // It would matter if it were seen.
    let seen = try Self.step(
      Self.batch(
        garbage: 1e3, [.heartRate: [Bool](repeating: true, count: 6), .activity: [Bool](repeating: true, count: 6)]),
      kind)
    #expect(try seen.store.numbers() != store.numbers())
  }

  @Test("A sensor's statistics are those of its own windows alone")
  func statistics() throws {
    let (_, store) = try Self.step(Self.batch(garbage: 1e3), "linear")
    let alone = try ParameterStore(seed: 3)
    let encoder = try ToyNights.encoder.make(alone.root("encoder"), inputs: Self.inputs)
    for input in Self.inputs {
      let places = (Self.measured[input.sensor] ?? []).enumerated().filter(\.element).map { Int64($0.offset) }
      let windows = try Self.batch(garbage: 1e3).windows(of: input).reshaped([6, 1, 1, 16])
        .select(0, indices: Tensor(places))
      _ = try encoder(windows, of: input.sensor, .training(Generator(seed: 1)))
    }
    let buffers = alone.entries.filter { $0.kind == .buffer }
    #expect(!buffers.isEmpty)
    for entry in buffers {
      let own = try #require(store[entry.name])
      #expect(try own.values(Float.self) == entry.tensor.values(Float.self), "\(entry.name)")
    }
  }

  @Test(
    "Whoever lacks a sensor has the scores of someone of whom it was left out", arguments: ["linear", "transformer"])
  func leftOut(kind: String) throws {
    let store = try ParameterStore(seed: 5)
    let model = try Self.recogniser(store, kind, context: ContextRecipe(BiLSTM.self) { $0.hidden = 4 })
    let full = [Sensor.heartRate: [Bool](repeating: true, count: 6), .activity: [Bool](repeating: true, count: 6)]
    let lacking = [Sensor.heartRate: [Bool](repeating: true, count: 6), .activity: [Bool](repeating: false, count: 6)]
    let batch = try Self.batch(garbage: 0, full)
    let left = batch.leavingOut([[.activity], [.activity]], of: [.heartRate, .activity])
    let scores = try model.scores(left, .inference).values(Float.self)
    #expect(try scores == model.scores(Self.batch(garbage: 0, lacking), .inference).values(Float.self))
    #expect(try scores != model.scores(batch, .inference).values(Float.self))
    // With all sensors it makes no difference who said that they are there.
    expectClose(
      try model.scores(batch, .inference).values(Float.self),
      try model.scores(Self.batch(garbage: 0, nil), .inference).values(Float.self), relative: 1e-5, absolute: 1e-6)
  }

  @Test("Nothing that any sensor measured is finite scores, and one window is no statistics")
  func little() throws {
    for flags in [[false, false, false, false, false, false], [true, false, false, false, false, false]] {
      let store = try ParameterStore(seed: 5)
      let model = try Self.recogniser(store, "bilstm")
      let before = try store.numbers()
      let batch = try Self.batch(garbage: 1, [.heartRate: flags, .activity: [Bool](repeating: false, count: 6)])
      #expect(try model.scores(batch, .training(Generator(seed: 1))).isFinite())
      #expect(try store.numbers() == before)
    }
  }

  @Test("An encoder that reads the windows beside each is refused")
  func neighbours() throws {
    let error = #expect(throws: EncoderError.self) {
      try Recogniser(
        ParameterStore(seed: 1).root, encoder: EncoderRecipe(WaveformEncoder.self) { $0.width = 8 },
        head: ToyNights.head("linear"), inputs: Self.inputs, classes: 3, toleratesMissing: true)
    }
    #expect(
      error.map(words)
        == "missing: found an encoder that reads the windows beside each, among which those of a missing sensor would be "
        + "zeros, expected one that reads every window by itself")
  }

  /// Nights whose heart rate tells the stage, and whose activity tells it too.
  private func withNights(_ body: (WindowSource) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(
        folder,
        ["a", "b", "c", "d"].enumerated().map { index, name in
          var night = ToyNights.night(name)
          let motion = ToyNights.night("\(name) moving").sensors[0]
          let contract = WindowContract(
            sensor: .activity, channels: [Channel(name: "count", unit: "count")], shape: [1, 16], sampleRateHz: 1)
          let moving = SensorWindows(contract: contract, values: motion.values)
          night.sensors = index == 0 ? [moving] : index == 1 ? night.sensors : night.sensors + [moving]
          return night
        })
      try body(WindowSource(corpus, sensors: [.heartRate, .activity], scheme: ToyNights.scheme, need: .any))
    }
  }

  @Test(
    "A training that leaves sensors out learns each of them, with an encoder that is trained and with one that stays",
    arguments: [TransferProtocol.scratch, .randomFrozen])
  func learns(transfer: TransferProtocol) throws {
    try withNights { source in
      #expect(source.recordings.count == 4)
      var recipe = ToyNights.training(epochs: transfer == .scratch ? 30 : 60, sequence: 6)
      recipe.batch = 8
      recipe.optimization.rule = .adam
      recipe.optimization.learningRate = 0.03
      let store = try ParameterStore(seed: 2)
      let model = try Self.recogniser(store, "mlp")
      var missing = MissingSensors()
      missing.drop = 0.4
      _ = try FineTuning(recipe, transfer: transfer, missing: missing, seed: 1)(
        model, store, scheme: ToyNights.scheme, training: source, validation: nil)
      for left in [[], [Sensor.heartRate], [.activity]] {
        let own = source.leavingOut(Set(left))
        let predictions = try Predictor(recipe, scheme: ToyNights.scheme)(model, store, own)
        #expect(predictions.count == (left.isEmpty ? 4 : 3))
        var (right, all) = (0.0, 0.0)
        for prediction in predictions {
          for (truth, told) in zip(prediction.truth, prediction.classes) where truth >= 0 {
            (right, all) = (right + (truth == told ? 1 : 0), all + 1)
          }
        }
        right /= all
        #expect(right > (transfer == .scratch ? 0.9 : 0.75), "without \(left): \(right)")
      }
    }
  }

  @Test("The ranges of a sensor are those of the windows that it measured")
  func scaling() throws {
    try withNights { source in
      let store = try ParameterStore(seed: 1)
      let scaling = try InputScaling(store.root, .minMax, inputs: source.contracts)
      try scaling.fit(source)
      let values = try source.recordings.filter { source.valid(recording: $0, sensor: .heartRate) != nil }
        .flatMap { try source.windows(recording: $0, sensor: .heartRate) }
      #expect(try store["heart-rate.minimum"]?.values(Float.self) == values.min().map { [$0] })
      #expect(try store["heart-rate.maximum"]?.values(Float.self) == values.max().map { [$0] })
    }
  }
}
