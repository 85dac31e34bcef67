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

/// Nights of a heart rate that a test makes.
enum Nights {
  static let rate = WindowContract(
    sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 6], sampleRateHz: 0.2)
  static let context = ContextRecipe(BiLSTM.self) { ($0.hidden, $0.dropout) = (16, 0) }
  static let encoder = EncoderRecipe(SharedEncoder.self) {
    ($0.width, $0.signal.channels, $0.signal.kernel, $0.trunk.dropout) = (8, [8], 3, 0)
  }

  /// The level of each window of a night and the deviation of its samples, from its number and the random numbers of the test.
  typealias Course = (_ night: Int, _ random: inout RandomSource) -> [(level: Double, deviation: Double)]

  /// Calls `body` with nights as a source of windows: samples that lie about each window's level.
  ///
  /// - Parameter lost: Windows of every night that were not measured.
  static func with<Result>(
    _ count: Int, lost: Set<Int> = [], _ course: Course,
    _ body: (WindowSource) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 3)
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      for night in 0..<count {
        let windows = course(night, &random)
        let values = windows.flatMap { own in (0..<6).map { _ in Float(own.level + own.deviation * random.normal()) } }
        try writer.write(
          RecordingWindows(
            id: String(format: "n%03d", night), subject: Subject("s\(night)"),
            labels: [Int8](repeating: -1, count: windows.count),
            sensors: [
              SensorWindows(contract: rate, values: values, measured: windows.indices.map { !lost.contains($0) })
            ]))
      }
      return try body(WindowSource(writer.finish(), sensors: [.heartRate]))
    }
  }

  /// A level and a deviation that go the night's own way, about a level of the sleeper's own.
  ///
  /// - Parameter sleepers: How far the sleepers' levels lie apart.
  static func walks(_ windows: Int, sleepers: Double = 10) -> Course {
    { _, random in
      let level = 60 + sleepers * random.normal()
      var (walk, strength) = (0.0, 0.0)
      return (0..<windows).map { _ in
        (walk, strength) = (0.9 * walk + random.normal(), 0.95 * strength + 0.3 * random.normal())
        return (level + walk, exp(strength))
      }
    }
  }

  /// The same upon a fall that all nights have.
  static func falls(_ windows: Int) -> Course {
    { night, random in
      walks(windows)(night, &random).enumerated().map { window, own in
        let passed = Double(window) / Double(windows)
        return (own.level - 8 * passed, own.deviation * exp(-2 * passed))
      }
    }
  }

  /// Stretches of some of the nights, each from anywhere in it.
  static func plan(
    _ source: WindowSource, nights: Range<Int>, length: Int, count: Int, _ random: inout RandomSource
  ) -> BatchPlan {
    let drawn = nights.shuffled(using: &random)
    let windows = (0..<count).flatMap { row -> [WindowReference] in
      let night = drawn[row % drawn.count]
      let start = Int.random(in: 0...(source.store.recordings[night].windows - length), using: &random)
      return (0..<length).map { WindowReference(recording: night, window: start + $0) }
    }
    return BatchPlan(sensors: source.sensors, length: length, windows: windows)
  }
}

/// What a model of nights sees of them.
enum NightCue: CaseIterable {
  /// Everything.
  case all
  /// The mean of the stretch, in every window.
  case level
  /// Nothing, so that a window's place in the stretch is left.
  case place
  /// Nothing but the time since the start of the night, as contexts are told it.
  case clock
  /// The same time in place of what each window holds.
  case time

  func callAsFunction(_ batch: Batch) -> Batch {
    guard self != .all else { return batch }
    var batch = batch
    let size = batch.inputs[0].values.count / batch.mask.count
    for row in 0..<batch.count {
      let windows = (row * batch.length)..<((row + 1) * batch.length)
      let seen = windows.filter { batch.mask[$0] != 0 }.flatMap { batch.values[($0 * size)..<(($0 + 1) * size)] }
      let mean = self == .level ? seen.reduce(0, +) / Float(max(1, seen.count)) : 0
      for window in windows where batch.mask[window] != 0 {
        let value = self == .time ? batch.hours[window] : mean
        for sample in 0..<size { batch.inputs[0].values[window * size + sample] = value }
      }
    }
    return batch
  }
}

/// A task of nights with a small network, as the pretrainer makes it.
struct NightTaskOnNetwork {
  let store: ParameterStore
  let network: PretextNetwork
  let task: any NightTask
  let profiles: NightProfiles
  let source: WindowSource

  init(_ recipe: TaskRecipe, _ source: WindowSource, context: ContextRecipe = Nights.context, seed: UInt64 = 1) throws {
    store = try ParameterStore(seed: seed)
    self.source = source
    network = try PretextNetwork(store, encoder: Nights.encoder, context: context, inputs: source.contracts)
    task = try #require(recipe.make(store.root("task"), network) as? any NightTask)
    profiles = NightProfiles([source])
  }

  func nights(_ plan: BatchPlan, _ change: (Batch) -> Batch = { $0 }) throws -> PretextNights {
    let batch = try change(BatchReader([source]).read(plan))
    return PretextNights(
      try DeviceBatch(batch, on: .cpu), places: batch.windows, contracts: network.night, profiles: profiles)
  }

  /// Gives a parameter of the task one value throughout.
  func fill(_ name: String, _ value: Double) throws {
    let tensor = try #require(store["task.\(name)"], "\(name)")
    try LibTorch.withoutGradients { try tensor.assign(Tensor.full(value, tensor.shape)) }
  }
}

/// A task of nights trained for some steps on some nights, and what it then reaches on others.
struct NightTrial {
  var metric = 0.0
  var chance = 0.0

  /// - Parameter known: How many of the source's nights, the first ones, it is trained on.
  init(
    _ recipe: TaskRecipe, _ source: WindowSource, cue: NightCue, known: Int, length: Int = 24, batch: Int = 12,
    steps: Int = 60
  ) throws {
    var context = Nights.context
    context.clock = cue == .clock
    let trial = try NightTaskOnNetwork(recipe, source, context: context)
    let optimizer = Optimizer(.adam(), [Optimizer.Group(trial.store.parameters())])
    var random = RandomSource(seed: 1, for: "night trial")
    let mode = Mode.training(try Generator(seed: 1))
    for _ in 0..<steps {
      let plan = Nights.plan(source, nights: 0..<known, length: length, count: batch, &random)
      let loss = try trial.task(trial.nights(plan) { cue($0) }, trial.network, &random, mode).loss
      try trial.store.clearGradients()
      try loss.backward()
      try optimizer.step(learningRate: 1e-2)
      for copy in trial.task.slowCopies { try copy.follow() }
    }
    let others = known..<source.recordings.count
    for _ in 0..<8 {
      let plan = Nights.plan(source, nights: others, length: length, count: others.count, &random)
      let result = try LibTorch.withoutGradients {
        try trial.task(trial.nights(plan) { cue($0) }, trial.network, &random, .inference)
      }
      metric += result.metric / 8
      chance += result.chance / 8
    }
  }
}
