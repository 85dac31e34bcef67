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

/// Nights of a heart rate and of a movement that a test makes.
enum SensorPairs {
  static let motion = WindowContract(
    sensor: .activity, channels: [Channel(name: "count", unit: "count")], shape: [1, 6], sampleRateHz: 0.2)
  static let sensors: [Sensor] = [.heartRate, .activity]

  /// The level of each window of both sensors, from a night's number and the random numbers of the test.
  typealias Course = (_ night: Int, _ random: inout RandomSource) -> [(rate: Double, motion: Double)]

  /// Calls `body` with nights as a source of windows: samples that lie about each window's level.
  ///
  /// - Parameters:
  ///   - lost: Windows of the heart rate that were not measured.
  ///   - lacking: The sensor that a night lacks.
  static func with<Result>(
    _ count: Int, need: SensorNeed = .all, lost: Set<Int> = [], lacking: (Int) -> Sensor? = { _ in nil },
    _ course: Course,
    _ body: (WindowSource) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 3)
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      for night in 0..<count {
        let windows = course(night, &random)
        func samples(_ level: Double) -> [Float] { (0..<6).map { _ in Float(level + 0.3 * random.normal()) } }
        let parts = [
          SensorWindows(
            contract: Nights.rate, values: windows.flatMap { samples($0.rate) },
            measured: windows.indices.map { !lost.contains($0) }),
          SensorWindows(contract: motion, values: windows.flatMap { samples($0.motion) }),
        ]
        try writer.write(
          RecordingWindows(
            id: String(format: "n%03d", night), subject: Subject("s\(night)"),
            labels: [Int8](repeating: -1, count: windows.count),
            sensors: parts.filter { $0.contract.sensor != lacking(night) }))
      }
      return try body(WindowSource(writer.finish(), sensors: sensors, need: need))
    }
  }

  /// A course of the night's own about a level of the sleeper's own; movement follows the heart, or goes its own way.
  ///
  /// - Parameters:
  ///   - isShared: Whether movement follows.
  ///   - sleepers: How far the sleepers' levels lie apart; both sensors tell of them.
  static func walks(_ windows: Int, isShared: Bool, sleepers: Double = 0) -> Course {
    { _, random in
      let level = sleepers * random.normal()
      var (walk, other) = (0.0, 0.0)
      return (0..<windows).map { _ in
        (walk, other) = (0.8 * walk + random.normal(), 0.8 * other + random.normal())
        return (level + walk, level + (isShared ? walk : other))
      }
    }
  }
}

/// What a model of two sensors sees of a stretch.
enum SensorCue: CaseIterable {
  /// Everything.
  case all
  /// The mean of the stretch, in every window.
  case level
  /// Nothing, so that a window's place in the stretch is left.
  case place
  /// The time since the start of the night in place of what each window holds.
  case time

  func callAsFunction(_ batch: Batch) -> Batch {
    guard self != .all else { return batch }
    var batch = batch
    for index in batch.inputs.indices {
      let size = batch.inputs[index].values.count / batch.mask.count
      for row in 0..<batch.count {
        let windows = (row * batch.length)..<((row + 1) * batch.length)
        let seen = windows.filter { batch.mask[$0] != 0 }
          .flatMap { batch.inputs[index].values[($0 * size)..<(($0 + 1) * size)] }
        let mean = self == .level ? seen.reduce(0, +) / Float(max(1, seen.count)) : 0
        for window in windows where batch.mask[window] != 0 {
          let value = self == .time ? batch.hours[window] : mean
          for sample in 0..<size { batch.inputs[index].values[window * size + sample] = value }
        }
      }
    }
    return batch
  }
}

/// A task across sensors with a small network, as the pretrainer makes it.
struct SensorTaskOnNetwork {
  let store: ParameterStore
  let network: PretextNetwork
  let task: any NightTask
  let source: WindowSource
  private let profiles: NightProfiles

  init(_ recipe: TaskRecipe, _ source: WindowSource, context: ContextRecipe = .init(), seed: UInt64 = 1) throws {
    store = try ParameterStore(seed: seed)
    self.source = source
    network = try PretextNetwork(
      store, encoder: Nights.encoder, context: context, inputs: source.contracts,
      toleratesMissing: source.need == .any)
    task = try #require(recipe.make(store.root("task"), network) as? any NightTask)
    profiles = NightProfiles([source])
  }

  func nights(_ plan: BatchPlan, _ change: (Batch) -> Batch = { $0 }) throws -> PretextNights {
    let batch = try change(BatchReader([source]).read(plan))
    return PretextNights(
      try DeviceBatch(batch, on: .cpu), places: batch.windows, contracts: network.night, profiles: profiles)
  }
}

/// A task across sensors trained for some steps on some nights, and what it then reaches on others.
struct SensorTrial {
  var metric = 0.0
  var chance = 0.0

  /// - Parameter known: How many of the source's nights, the first ones, it is trained on.
  init(
    _ recipe: TaskRecipe, _ source: WindowSource, cue: SensorCue, known: Int, context: ContextRecipe = .init(),
    steps: Int = 60
  ) throws {
    let trial = try SensorTaskOnNetwork(recipe, source, context: context)
    let optimizer = Optimizer(.adam(), [Optimizer.Group(trial.store.parameters())])
    var random = RandomSource(seed: 1, for: "sensor trial")
    let mode = Mode.training(try Generator(seed: 1))
    for _ in 0..<steps {
      let plan = Nights.plan(source, nights: 0..<known, length: 24, count: 12, &random)
      let loss = try trial.task(trial.nights(plan) { cue($0) }, trial.network, &random, mode).loss
      try trial.store.clearGradients()
      try loss.backward()
      try optimizer.step(learningRate: 1e-2)
      for copy in trial.task.slowCopies { try copy.follow() }
    }
    let others = known..<source.recordings.count
    for _ in 0..<8 {
      let plan = Nights.plan(source, nights: others, length: 24, count: others.count, &random)
      let result = try LibTorch.withoutGradients {
        try trial.task(trial.nights(plan) { cue($0) }, trial.network, &random, .inference)
      }
      metric += result.metric / 8
      chance += result.chance / 8
    }
  }
}
