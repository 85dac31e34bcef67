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

@Suite("Scaling of inputs")
struct InputScalingTests {
  private static let contract = WindowContract(sensor: .spectrogram, shape: [3, 4])
  private static let input = WindowContract(sensor: .spectrogram, channels: [], shape: [3, 4], sampleRateHz: nil)

  /// The fixture's twelve maps: nine of `a`, of which the labels may be seen, and three of `b`.
  private func corpus(_ folder: URL, _ values: [Float]) throws -> Corpus {
    let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages, windowSeconds: 30)
    for (subject, range) in [("a", 0..<9), ("b", 9..<12)] {
      try writer.write(
        RecordingWindows(
          id: subject, subject: Subject(subject), labels: range.map { Int8($0 % 5) },
          sensors: [
            SensorWindows(
              contract: Self.contract, values: Array(values[(range.lowerBound * 12)..<(range.upperBound * 12)]))
          ]))
    }
    return try writer.finish()
  }

  @Test(
    "The ranges are the training windows' alone, as scikit-learn's MinMaxScaler has them",
    arguments: [InputScaling.Kind.minMax, .minMaxCells])
  func reference(kind: InputScaling.Kind) throws {
    let fixture = Fixture("input-scaling")
    let windows = try fixture.floats("windows")
    try withTemporaryFolder { folder in
      let corpus = try corpus(folder, windows.values)
      let store = try ParameterStore(seed: 1)
      let scaling = try InputScaling(store.root("scaling"), kind, inputs: [Self.input])
      let all = try Tensor(windows.values, shape: [12, 1, 3, 4])
      #expect(try scaling(all, of: .spectrogram).values(Float.self) == windows.values)
      try scaling.fit(
        WindowSource(corpus, sensors: [.spectrogram], subjects: [Subject("a")], scheme: .fiveStages))
      expectClose(
        try scaling(all, of: .spectrogram).values(Float.self), try fixture.floats(kind.rawValue).values, absolute: 1e-5)
      #expect(store.entries.map(\.name) == ["scaling.spectrogram.minimum", "scaling.spectrogram.maximum"])
      #expect(store.parameterCount == 0)
    }
  }

  @Test("A signal has a range a channel")
  func channels() throws {
    try withTemporaryFolder { folder in
      let contract = WindowContract(
        sensor: .psg, channels: [Channel(name: "a", unit: "uV"), Channel(name: "b", unit: "uV")], shape: [2, 3],
        sampleRateHz: 1)
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      try writer.write(
        RecordingWindows(
          id: "x", subject: Subject("x"), labels: [0, 1],
          sensors: [SensorWindows(contract: contract, values: [0, 1, 2, 10, 30, 50, 3, 4, 2, 20, 40, 30])]))
      let scaling = try InputScaling(
        ParameterStore(seed: 1).root, .minMax,
        inputs: [WindowContract(sensor: .psg, channels: ["a", "b"], shape: [2, 3], sampleRateHz: 1)])
      try scaling.fit(WindowSource(writer.finish(), sensors: [.psg], scheme: .fiveStages))
      let scaled = try scaling(Tensor([Float](arrayLiteral: 0, 2, 4, 10, 30, 90), shape: [1, 1, 2, 3]), of: .psg)
      expectClose(try scaled.values(Float.self), [0, 0.5, 1, 0, 0.5, 2])
    }
  }

  @Test("A scaled model is the model on scaled inputs, and training fits it before the first step")
  func model() throws {
    let windows = try Fixture("input-scaling").floats("windows")
    try withTemporaryFolder { folder in
      let corpus = try corpus(folder, windows.values)
      let store = try ParameterStore(seed: 1)
      let inner = try AccelerometerModel(store.root, .logistic, .init(), inputs: [Self.input], classes: 5)
      let model = try ScaledModel(store.root("scaling"), .minMax, inner)
      #expect(model.inputs == inner.inputs && model.classes == 5 && model.chain == nil)
      var recipe = ToyNights.training(epochs: 1)
      recipe.scaling = .minMax
      let source = try WindowSource(
        corpus, sensors: [.spectrogram], subjects: [Subject("a")], scheme: .fiveStages)
      _ = try FineTuning(recipe, transfer: .scratch, seed: 1)(
        model, store, scheme: .fiveStages, training: source, validation: nil)
      let numbers = try store.numbers()
      #expect(numbers["scaling.spectrogram.minimum"] == [windows.values.prefix(108).min() ?? 0])
      #expect(numbers["scaling.spectrogram.maximum"] == [windows.values.prefix(108).max() ?? 0])
      func batch(_ maps: Tensor) throws -> DeviceBatch {
        try Reference.batch([.spectrogram: maps], labels: "", classes: 5, shape: [12, 1])
      }
      let maps = try Tensor(windows.values, shape: [12, 1, 3, 4])
      let scaled = try Tensor(Fixture("input-scaling").floats("min-max").values, shape: [12, 1, 3, 4])
      expectClose(
        try model.scores(batch(maps), .inference).values(Float.self),
        try inner.scores(batch(scaled), .inference).values(Float.self), absolute: 1e-5)
    }
  }

  @Test("Windows whose labels may not be seen have no part in the ranges")
  func labelled() throws {
    let windows = try Fixture("input-scaling").floats("windows")
    try withTemporaryFolder { folder in
      let store = try ParameterStore(seed: 1)
      let scaling = try InputScaling(store.root, .minMax, inputs: [Self.input])
      let flags = (0..<9).map { $0 < 2 }
      try scaling.fit(
        WindowSource(
          corpus(folder, windows.values), sensors: [.spectrogram], scheme: .fiveStages,
          labelled: LabelledWindows(flags: ["a": flags], subjects: [Subject("a")])))
      let seen = windows.values.prefix(24)
      let numbers = try store.numbers()
      #expect(numbers["spectrogram.minimum"] == [seen.min() ?? 0])
      #expect(numbers["spectrogram.maximum"] == [seen.max() ?? 0])
      #expect(seen.min() != windows.values.min() || seen.max() != windows.values.max())
    }
  }
}
