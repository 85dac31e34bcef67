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

@Suite("Runs of windows")
struct RunTests {
  private static func small(_ run: inout RunOptions) {
    (run.context, run.ahead, run.groups, run.runs) = (3, 2, 2, 6)
  }
  private static let recipes = [
    TaskRecipe(PredictiveCodingTask.self) { small(&$0.run) }, TaskRecipe(TemporalContrastTask.self) { small(&$0.run) },
  ]

  /// Six runs of five windows of two recordings.
  private var batch: PretextWindows {
    let places = (0..<30).map { WindowReference(recording: $0 / 15, window: 10 * ($0 / 5) + $0 % 5) }
    return PretextWindows(
      contract: Courses.single, count: 30, values: (0..<30).map(Float.init), places: places,
      subjects: places.map(\.recording))
  }

  private func assign(_ store: ParameterStore, from fixture: Fixture) throws {
    try LibTorch.withoutGradients {
      for entry in store.entries where entry.name.hasPrefix("task.") && entry.kind == .parameter {
        let name = String(entry.name.dropFirst("task.".count))
        let (shape, values) = try fixture.floats(name)
        #expect(shape == entry.tensor.shape)
        try entry.tensor.assign(Tensor(values, shape: shape))
      }
    }
  }

  @Test("Predictive coding's loss, its gradient and its metric are those of PyTorch")
  func predictiveCoding() throws {
    let fixture = Fixture("foretold")
    let values = try fixture.floats("vectors").values
    let vectors = try Tensor(Array(values[0..<120]), shape: [30, 4])
    try vectors.setRequiresGradient(true)
    let recipe = TaskRecipe(PredictiveCodingTask.self) { ($0.run.context, $0.run.ahead, $0.hidden) = (3, 2, 5) }
    let (task, store) = try windowTask(recipe, Courses.single, width: 4)
    try assign(store, from: fixture)
    var random = RandomSource(seed: 1)
    let result = try task(batch, Script(Courses.single, [vectors]), &random, .inference)
    try result.loss.backward()
    expectClose(
      [Float(try result.loss.item()), Float(result.metric)], try fixture.floats("cpc").values, relative: 1e-5)
    expectClose(
      try #require(try vectors.gradient()).values(), try fixture.floats("cpc-gradient").values, relative: 1e-4)
    expectClose([result.chance], [1.0 / 3])
  }

  @Test("Temporal contrast's loss and metric are those of PyTorch")
  func temporalContrast() throws {
    let fixture = Fixture("foretold")
    let values = try fixture.floats("vectors").values
    let recipe = TaskRecipe(TemporalContrastTask.self) {
      ($0.run.context, $0.run.ahead, $0.hidden, $0.projection) = (3, 2, 5, 3)
    }
    let (task, store) = try windowTask(recipe, Courses.single, width: 4)
    try assign(store, from: fixture)
    let encoder = Script(
      Courses.single, try [0, 120].map { try Tensor(Array(values[$0..<($0 + 120)]), shape: [30, 4]) })
    var random = RandomSource(seed: 1)
    let result = try task(batch, encoder, &random, .inference)
    expectClose(
      [Float(try result.loss.item()), Float(result.metric)], try fixture.floats("ts-tcc").values, relative: 1e-5)
    #expect(encoder.seen.count == 2 && encoder.seen[0] != encoder.seen[1])
  }

  @Test("Chance is one among the runs that a run is told apart from, and a run alone is always found")
  func chance() throws {
    let generator = try Generator(seed: 1)
    let (predictions, futures) = try (
      Tensor.normal([2, 4, 3], generator: generator), Tensor.normal([2, 4, 3], generator: generator)
    )
    #expect(try futureContrast(predictions, futures, groups: [0, 0, 0, 0]).chance == 0.25)
    expectClose([try futureContrast(predictions, futures, groups: [0, 0, 0, 1]).chance], [0.5])
    let alone = try futureContrast(predictions, futures, groups: [0, 1, 2, 3])
    #expect(try alone.metric == 1 && alone.chance == 1 && alone.loss.item() == 0)
  }

  @Test("Predictions that know nothing are as good as chance")
  func randomPredictions() throws {
    let generator = try Generator(seed: 2)
    var sum = 0.0
    for _ in 0..<60 {
      sum +=
        try futureContrast(
          .normal([2, 20, 8], generator: generator), .normal([2, 20, 8], generator: generator),
          groups: (0..<20).map { $0 / 5 }
        ).metric / 60
    }
    #expect(abs(sum - 0.2) < 0.03, "\(sum)")
  }

  @Test("Noise is not foretold, nor is whose night it is")
  func cues() throws {
    for recipe in Self.recipes {
      let noise = try TimeTrial(recipe, Courses.signal, steps: 25, Courses.noise)
      #expect(
        abs(noise.chance - 1.0 / 6) < 1e-9 && abs(noise.metric - noise.chance) < 0.09, "\(recipe.name): \(noise.metric)"
      )
      let own = try TimeTrial(recipe, Courses.signal, steps: 25) { contract, recording, _, random in
        (0..<contract.size).map { _ in Float(3 * Double(recording) + random.normal()) }
      }
      #expect(abs(own.metric - own.chance) < 0.09, "\(recipe.name): \(own.metric)")
    }
  }

  @Test("Both are learnt where the night changes slowly, of signals and of maps")
  func learns() throws {
    for recipe in Self.recipes {
      for contract in [Courses.signal, Courses.map] {
        let trial = try TimeTrial(recipe, contract, steps: 40, rate: 1e-2, Courses.drift)
        #expect(trial.metric > 1.5 * trial.chance, "\(recipe.name), \(contract.sensor): \(trial.metric)")
        #expect(trial.remaining < 0.95)
      }
    }
  }

  @Test("Flat windows, windows of one sample and maps with a reference give finite losses; the same seed the same")
  func edges() throws {
    let picture = WindowContract(sensor: .spectrogram, shape: [2, 6, 5])
    for recipe in Self.recipes {
      for contract in [Courses.single, Courses.axes, Courses.referredMap, picture] {
        for content in [Courses.flat, Courses.noise] as [Courses.Content] {
          let trial = try TimeTrial(recipe, contract, steps: 2, content)
          #expect(trial.losses.allSatisfy { $0.isFinite } && trial.metric.isFinite)
        }
      }
      func losses(_ seed: UInt64) throws -> [Double] {
        try TimeTrial(recipe, Courses.signal, steps: 2, seed: seed, Courses.drift).losses
      }
      #expect(try losses(1) == losses(1))
      #expect(try losses(1) != losses(2))
    }
  }

  @Test("A strong change puts segments in another order, and gain is the same throughout a run")
  func changes() throws {
    var change = RunChange.strong
    change.signal.noise = 0
    var random = RandomSource(seed: 3)
    let windows = Courses.batch(Courses.signal, nil, count: 10, &random) { contract, _, _, _ in
      (0..<contract.size).map { Float($0) }
    }
    let changed = try change(windows, length: 5, mirrored: nil, &random).reshaped([10, 120]).values(Float.self)
    func range(_ window: Int) -> (Float, Float) {
      let own = changed[(120 * window)..<(120 * window + 120)]
      return (own.min() ?? 0, own.max() ?? 0)
    }
    #expect((1..<5).allSatisfy { range($0) == range(0) } && range(5) != range(0))
    #expect(
      (0..<10).allSatisfy { window in (1..<120).contains { changed[120 * window + $0] < changed[120 * window + $0 - 1] }
      })
  }

  @Test("Odd options and batches are refused in words, and all sensors are served")
  func refusals() throws {
    for recipe in Self.recipes { #expect(Sensor.allCases.allSatisfy(recipe.serves)) }
    func refused(_ recipe: TaskRecipe) throws -> String {
      let error = #expect(throws: EncoderError.self) { try windowTask(recipe, Courses.signal, width: 8) }
      return error.map { words(of: $0) } ?? ""
    }
    #expect(
      try refused(TaskRecipe(PredictiveCodingTask.self) { $0.run.ahead = 0 })
        == "cpc: 'run.ahead' is 0, expected a whole number from 1 to 10000")
    #expect(
      try refused(TaskRecipe(PredictiveCodingTask.self) { $0.hidden = 0 })
        == "cpc: 'hidden' is 0, expected a whole number from 1 to 65536")
    #expect(
      try refused(TaskRecipe(TemporalContrastTask.self) { $0.temperature = 0 })
        == "ts-tcc: 'temperature' is 0.0, expected a number above 0 and at most 1000")
    #expect(
      try refused(TaskRecipe(TemporalContrastTask.self) { $0.strong.segments = 0 })
        == "ts-tcc: 'strong.segments' is 0, expected a whole number from 1 to 64")
    let (task, _) = try windowTask(Self.recipes[0], Courses.single, width: 1)
    var random = RandomSource(seed: 1)
    let error = #expect(throws: TrainingError.self) {
      try task(
        PretextWindows(contract: Courses.single, count: 7, values: [Float](repeating: 0, count: 7)),
        Script(Courses.single, [.zeros([7, 1])]), &random, .inference)
    }
    #expect(error.map { words(of: $0) } == "cpc: a batch of 7 windows, expected whole runs of 5")
  }
}
