import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training
import Upstream

@Suite("Pretraining")
struct PretrainerTests {
  private let maps = WindowContract(sensor: .pressureMap, shape: [6, 4])
  private let effort = WindowContract(
    sensor: .respiration, channels: [Channel(name: "effort", unit: "")], shape: [1, 40], sampleRateHz: 5)

  /// Two corpora that were never recorded together: 24 maps and 60 windows of breathing.
  private func withSources<Result>(lost: Bool = false, _ body: ([WindowSource]) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 1)
      let sources = try [(maps, 12), (effort, 30)].map { contract, count in
        let writer = try CorpusWriter(
          folder.appendingPathComponent(contract.sensor.rawValue), dataset: "toy", labels: nil)
        for subject in ["S1", "S2"] {
          let values = (0..<(count * contract.size)).map { _ in Float(random.normal()) }
          try writer.write(
            RecordingWindows(
              id: subject, subject: Subject(subject), labels: [Int8](repeating: -1, count: count),
              sensors: [
                SensorWindows(
                  contract: contract, values: values, measured: [Bool](repeating: !lost, count: count))
              ]))
        }
        return try WindowSource(writer.finish(), sensors: [contract.sensor])
      }
      return try body(sources)
    }
  }

  /// Counts the windows that it is trained on.
  private final class CountingEncoder: Encoder {
    let encoder: any Encoder
    var windows: [Sensor: Int] = [:]
    init(_ encoder: any Encoder) { self.encoder = encoder }
    var inputs: [WindowContract] { encoder.inputs }
    var width: Int { encoder.width }
    func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
      if mode.isTraining { self.windows[sensor, default: 0] += windows.shape[0] }
      return try encoder(windows, of: sensor, mode)
    }
  }

  private func recipe(_ tasks: [TaskRecipe]) -> PretrainingRecipe {
    var recipe = PretrainingRecipe()
    (recipe.tasks, recipe.batch, recipe.epochs) = (tasks, 8, 2)
    return recipe
  }

  private func encoder(_ store: ParameterStore, sensors: [Sensor] = [.pressureMap, .respiration]) throws
    -> CountingEncoder
  {
    let small = EncoderRecipe(SharedEncoder.self) { ($0.width, $0.map.channels, $0.signal.channels) = (8, [4], [4]) }
    let inputs = [maps, effort].filter { sensors.contains($0.sensor) }.map {
      WindowContract(
        sensor: $0.sensor, channels: $0.channels, shape: $0.shape, sampleRateHz: $0.sampleRateHz)
    }
    return CountingEncoder(try small.make(store.root("encoder"), inputs: inputs))
  }

  @Test("Two sensors that were never recorded together are trained on equally, and each task's numbers are named")
  func joint() throws {
    try withSources { sources in
      let store = try ParameterStore(seed: 1)
      let encoder = try encoder(store)
      let before = try store.parameters(under: "encoder").map { try $0.values(Float.self) }
      var logged: [Int] = []
      let tasks = [Published.rotation, TaskRecipe(FrequencyTask.self, weight: 0.5, sensors: [.respiration])]
      let outcome = try Pretrainer(recipe(tasks), seed: 1)(PretextNetwork(store, encoder: encoder), sources: sources) {
        epoch, numbers in
        logged.append(epoch)
        #expect(numbers.values.allSatisfy { $0.isFinite })
      }
      #expect(logged == [0, 1] && outcome.epochs == 2)
      #expect(
        outcome.numbers.keys.sorted() == [
          "alignment/pressure-map", "alignment/respiration", "effective rank/pressure-map",
          "effective rank/respiration", "frequency/respiration/chance",
          "frequency/respiration/explained variance", "frequency/respiration/loss", "rotation/pressure-map/accuracy",
          "rotation/pressure-map/chance", "rotation/pressure-map/loss", "rotation/respiration/accuracy",
          "rotation/respiration/chance", "rotation/respiration/loss", "uniformity/pressure-map",
          "uniformity/respiration",
          "windows per second",
        ])
      #expect(outcome.numbers["rotation/respiration/chance"] == 0.25)
      // Four turns of each window, and once more each signal without what is hidden: 48 windows of a kind and epoch.
      #expect(encoder.windows == [.pressureMap: 2 * 48 * 4, .respiration: 2 * 48 * 5])
      for (parameter, old) in zip(store.parameters(under: "encoder"), before) {
        let now = try parameter.values(Float.self)
        #expect(now != old)
      }
      #expect(store["tasks.0.output.weight"] != nil && store["tasks.1.respiration.decoder.output.weight"] != nil)
    }
  }

  @Test("The same seed gives the same weights, another one others")
  func repeatable() throws {
    try withSources { sources in
      func weights(_ seed: UInt64) throws -> [[Float]] {
        let store = try ParameterStore(seed: 1)
        let encoder = try encoder(store)
        _ = try Pretrainer(recipe([Published.views]), seed: seed)(
          PretextNetwork(store, encoder: encoder), sources: sources)
        return try store.parameters().map { try $0.values(Float.self) }
      }
      let first = try weights(1)
      let (again, other) = try (weights(1), weights(2))
      #expect(first == again && first != other)
    }
  }

  @Test("An epoch has as many steps as the recipe says, in rounds over the windows")
  func steps() throws {
    try withSources { sources in
      let store = try ParameterStore(seed: 1)
      let encoder = try encoder(store)
      var recipe = recipe([Published.rotation])
      (recipe.steps, recipe.epochs) = (31, 1)
      _ = try Pretrainer(recipe, seed: 1)(PretextNetwork(store, encoder: encoder), sources: sources)
      #expect(encoder.windows.values.reduce(0, +) == 31 * 8 * 4)
    }
  }

  @Test("Asked to stop, it stops at once and keeps the weights that it has")
  func interrupted() throws {
    try withSources { sources in
      let store = try ParameterStore(seed: 1)
      let encoder = try encoder(store)
      var kept: [[Float]] = []
      // As a step does when a stop was asked for.
      #expect(throws: Interrupted.self) {
        try Pretrainer(recipe([Published.rotation]), seed: 1)(
          PretextNetwork(store, encoder: encoder), sources: sources
        ) { epoch, _ in
          kept = try store.parameters().map { try $0.values(Float.self) }
          if epoch == 0 { throw Interrupted() }
        }
      }
      let now = try store.parameters().map { try $0.values(Float.self) }
      #expect(!kept.isEmpty && now == kept)
    }
  }

  @Test("What cannot be trained is refused in words")
  func refused() throws {
    func refused<E: Error>(
      _ type: E.Type, _ tasks: [TaskRecipe], sensors: [Sensor] = [.pressureMap, .respiration], lost: Bool = false
    ) throws -> String {
      try withSources(lost: lost) { sources in
        let store = try ParameterStore(seed: 1)
        let encoder = try encoder(store, sensors: sensors)
        let error = #expect(throws: type) {
          try Pretrainer(recipe(tasks), seed: 1)(PretextNetwork(store, encoder: encoder), sources: sources)
        }
        return error.map { words(of: $0) } ?? ""
      }
    }
    #expect(try refused(TrainingError.self, []) == "pretraining.tasks has no task for pressure-map, respiration")
    #expect(
      try refused(TrainingError.self, [TaskRecipe(FrequencyTask.self, sensors: [.respiration])])
        == "pretraining.tasks has no task for pressure-map")
    #expect(
      try refused(TrainingError.self, [Published.views], lost: true)
        == "the corpora hold no valid window to pretrain on")
    #expect(
      try refused(EncoderError.self, [Published.views], sensors: [.respiration])
        == "the encoder has no stem for pressure-map; it was made for respiration")
    let neighbours = TaskRecipe(ContrastTask.self) {
      ($0.pairs.of, $0.negatives, $0.pairs.stay.length) = (.neighbours, .sameSubject, 100)
    }
    #expect(
      try refused(TrainingError.self, [neighbours])
        == "the corpora hold no two stays of one subject to pretrain on: lower pairs.stay.correlation, stay.minimum "
        + "or stay.length")
  }

  @Test("Tasks that want their batches put together differently each get their own in every step")
  func groupings() throws {
    try withSources { sources in
      let store = try ParameterStore(seed: 1)
      let encoder = try encoder(store)
      let neighbours = TaskRecipe(ContrastTask.self) {
        ($0.pairs.of, $0.pairs.groups, $0.pairs.stays, $0.pairs.stay.correlation) = (.neighbours, 2, 2, -1)
        $0.pairs.stay.minimum = 2
      }
      let recordings = TaskRecipe(ContrastTask.self) {
        ($0.negatives, $0.pairs.groups, $0.pairs.stays, $0.pairs.stay.length) = (.sameRecording, 2, 3, 4)
        ($0.pairs.stay.correlation, $0.pairs.stay.minimum) = (1, 1)
      }
      var recipe = recipe([neighbours, recordings, Published.rotation])
      (recipe.steps, recipe.epochs) = (4, 1)
      let outcome = try Pretrainer(recipe, seed: 1)(PretextNetwork(store, encoder: encoder), sources: sources)
      #expect(outcome.numbers.values.allSatisfy { $0.isFinite })
      // Both contrasts log under one name; rotation reads along with the first.
      #expect(outcome.numbers["rotation/respiration/loss"] != nil)
      #expect(outcome.numbers["contrast/respiration/loss"] != nil)
    }
  }

  @Test("A task of no weight is measured, and teaches nothing")
  func weights() throws {
    try withSources { sources in
      let store = try ParameterStore(seed: 1)
      let encoder = try encoder(store)
      let before = try store.parameters(under: "encoder").map { try $0.values(Float.self) }
      var recipe = recipe([TaskRecipe(RotationTask.self, weight: 0) { $0.search = false }])
      recipe.optimization.weightDecay = 0
      let outcome = try Pretrainer(recipe, seed: 1)(PretextNetwork(store, encoder: encoder), sources: sources)
      #expect((outcome.numbers["rotation/respiration/loss"] ?? 0) > 1)
      #expect(try store.parameters(under: "encoder").map { try $0.values(Float.self) } == before)
    }
  }
}
