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

@Suite("Nights")
struct NightTests {
  private static let rate = WindowContract(
    sensor: .heartRate, channels: [Channel(name: "hr", unit: "")], shape: [1, 6], sampleRateHz: 0.2)

  /// Nights of 50 windows whose heart rate rises slowly; two windows of each were not measured.
  private func withNights<Result>(_ body: ([WindowSource]) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 3)
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      for (number, name) in ["a", "b", "c"].enumerated() {
        var values: [Float] = []
        for sample in 0..<300 {
          let rate = Double(50 + 10 * number) + Double(sample / 6) / 5
          values.append(Float(rate + 0.3 * random.normal()))
        }
        try writer.write(
          RecordingWindows(
            id: name, subject: Subject(name), labels: [Int8](repeating: -1, count: 50),
            sensors: [
              SensorWindows(contract: Self.rate, values: values, measured: (0..<50).map { $0 != 7 && $0 != 49 })
            ]))
      }
      return try body([WindowSource(writer.finish(), sensors: [.heartRate])])
    }
  }

  @Test(
    "A night's profile is relative to the night: a faster heart has the same, and each quantity mean 0 and deviation 1")
  func profile() throws {
    try withNights { sources in
      let profiles = try (0..<3).map { try NightProfile(sources[0], recording: $0) }
      let width = NightProfile.width([Self.rate])
      #expect(profiles.allSatisfy { $0.width == width && $0.values.count == 50 * width })
      let measured = (0..<50).filter { $0 != 7 && $0 != 49 }
      for profile in profiles {
        let level = measured.map { Double(profile.values[$0 * width]) }
        expectClose([level.reduce(0, +) / 48], [0], absolute: 1e-4)
        expectClose([level.reduce(0) { $0 + $1 * $1 } / 48], [1], absolute: 1e-3)
        // Rising all night: below its mean at first, above at the end.
        #expect((level.first ?? 0) < -1 && (level.last ?? 0) > 1)
      }
    }
  }

  @Test(
    "Each task of nights teaches encoder and context, and its numbers are finite",
    arguments: PretextTasks.ofNights.filter { !PretextTasks.acrossSensors.contains($0) },
    [
      ContextRecipe(BiLSTM.self, clock: true) { $0.hidden = 4 },
      ContextRecipe(DilatedConvolutions.self) { ($0.width, $0.layers, $0.kernel) = (8, 2, 3) },
    ])
  func tasks(name: String, context: ContextRecipe) throws {
    try withNights { sources in
      func train() throws -> (ParameterStore, Pretrainer.Outcome) {
        let store = try ParameterStore(seed: 1)
        let network = try PretextNetwork(
          store, encoder: EncoderRecipe(SharedEncoder.self) { ($0.width, $0.signal.channels) = (8, [4]) },
          context: context, inputs: sources[0].contracts)
        var recipe = PretrainingRecipe()
        (recipe.tasks, recipe.epochs, recipe.steps) = ([try TaskRecipe(named: name)], 1, 4)
        (recipe.nights.length, recipe.nights.stride, recipe.nights.batch) = (24, 12, 4)
        return (store, try Pretrainer(recipe, seed: 1)(network, sources: [], nights: sources))
      }
      let (store, outcome) = try train()
      #expect(outcome.numbers["\(name)/nights/loss"].map(\.isFinite) == true)
      #expect(outcome.numbers.values.allSatisfy { $0.isFinite })
      let first = try store.parameters().map { try $0.values(Float.self) }
      #expect(try train().0.parameters().map { try $0.values(Float.self) } == first)
      let untrained = try ParameterStore(seed: 1)
      _ = try PretextNetwork(
        untrained, encoder: EncoderRecipe(SharedEncoder.self) { ($0.width, $0.signal.channels) = (8, [4]) },
        context: context, inputs: sources[0].contracts)
      for entry in untrained.entries where entry.kind == .parameter {
        let before = try entry.tensor.values(Float.self)
        #expect(try store[entry.name]?.values(Float.self) != before, "\(entry.name)")
      }
    }
  }

  @Test("A profile is learnt from the windows around, with a context better than by each window itself")
  func learns() throws {
    try withNights { sources in
      func explained(_ context: ContextRecipe) throws -> Double {
        let store = try ParameterStore(seed: 1)
        let network = try PretextNetwork(
          store, encoder: EncoderRecipe(SharedEncoder.self) { ($0.width, $0.signal.channels) = (8, [4]) },
          context: context, inputs: sources[0].contracts)
        var recipe = PretrainingRecipe()
        (recipe.tasks, recipe.epochs, recipe.steps) = ([TaskRecipe(NightProfileTask.self)], 4, 40)
        (recipe.nights.length, recipe.nights.stride, recipe.nights.batch) = (48, 24, 6)
        recipe.optimization.learningRate = 0.01
        return try Pretrainer(recipe, seed: 1)(network, sources: [], nights: sources)
          .numbers["night-profile/nights/explained variance"] ?? 0
      }
      let (alone, read) = (try explained(ContextRecipe()), try explained(ContextRecipe(BiLSTM.self) { $0.hidden = 16 }))
      #expect(read > 0.3 && read > alone + 0.1, "\(read) \(alone)")
    }
  }
}
