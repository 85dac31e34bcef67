import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Testing
import Upstream

/// What tasks of the order of time are tried on: windows of nights, and models that see a cue alone.
enum Courses {
  static let signal = WindowContract(
    sensor: .respiration, channels: [Channel(name: "effort", unit: "")], shape: [1, 120], sampleRateHz: 5)
  static let axes = WindowContract(
    sensor: .accelerometer, channels: ["x", "y", "z"].map { Channel(name: $0, unit: "g") }, shape: [3, 60],
    sampleRateHz: 30)
  static let single = WindowContract(
    sensor: .activity, channels: [Channel(name: "counts", unit: "")], shape: [1, 1], sampleRateHz: 1)
  static let map = WindowContract(sensor: .pressureMap, shape: [12, 8])
  static let referredMap = WindowContract(sensor: .pressureMap, shape: [2, 12, 8])

  /// One window's values, from its contract, its recording and its place there.
  typealias Content = (WindowContract, Int, Int, inout RandomSource) -> [Float]

  static func noise(_ contract: WindowContract, _ recording: Int, _ window: Int, _ random: inout RandomSource)
    -> [Float]
  {
    (0..<contract.size).map { _ in Float(pow(random.normal(), 2)) }
  }

  static func flat(_ contract: WindowContract, _ recording: Int, _ window: Int, _ random: inout RandomSource) -> [Float]
  {
    [Float](repeating: 2, count: contract.size)
  }

  /// Pulses that rise at once and fall slowly, at a pace of the window's own.
  static func pulses(_ contract: WindowContract, _ recording: Int, _ window: Int, _ random: inout RandomSource)
    -> [Float]
  {
    let (channels, samples) = contract.mapShape
    let period = Double.random(in: 15..<25, using: &random)
    let phase = Double.random(in: 0..<period, using: &random)
    return (0..<channels).flatMap { _ in
      (0..<samples).map { sample in
        let since = (Double(sample) + phase).truncatingRemainder(dividingBy: period)
        return Float(3 * exp(-since / 4) + 0.2 * random.normal())
      }
    }
  }

  /// A swing that gets quicker throughout the window.
  static func chirp(_ contract: WindowContract, _ recording: Int, _ window: Int, _ random: inout RandomSource)
    -> [Float]
  {
    let (channels, samples) = contract.mapShape
    let phase = Double.random(in: 0..<(2 * .pi), using: &random)
    return (0..<channels).flatMap { _ in
      (0..<samples).map { sample in
        let time = Double(sample) / Double(samples)
        return Float(2 * sin(phase + 40 * time * time) + 0.2 * random.normal())
      }
    }
  }

  /// A swing at an even pace, the window's own.
  static func swing(_ contract: WindowContract, _ recording: Int, _ window: Int, _ random: inout RandomSource)
    -> [Float]
  {
    let (channels, samples) = contract.mapShape
    let phase = Double.random(in: 0..<(2 * .pi), using: &random)
    let pace = Double.random(in: 0.3..<0.5, using: &random)
    return (0..<channels).flatMap { _ in
      (0..<samples).map { Float(2 * sin(phase + pace * Double($0)) + 0.1 * random.normal()) }
    }
  }

  /// Noise each of whose values hangs together with the ones before it: a jump would stand out.
  static func smooth(_ contract: WindowContract, _ recording: Int, _ window: Int, _ random: inout RandomSource)
    -> [Float]
  {
    let (channels, samples) = contract.mapShape
    return (0..<channels).flatMap { _ -> [Float] in
      var (value, speed) = (random.normal(), 0.0)
      // The first ones are forgotten, so that the ends are like the rest.
      return (-60..<samples).compactMap { sample in
        speed = 0.8 * speed + 0.2 * random.normal()
        value = 0.9 * value + speed
        return sample < 0 ? nil : Float(value)
      }
    }
  }

  /// What changes slowly in the course of a night: the level of a signal, the place of a weight on a map.
  static func drift(_ contract: WindowContract, _ recording: Int, _ window: Int, _ random: inout RandomSource)
    -> [Float]
  {
    let (rows, columns) = contract.mapShape
    let state = sin(Double(window) / 40 + Double(recording))
    return (0..<contract.size).map { index in
      let noise = 0.3 * abs(random.normal())
      guard contract.sensor.isMap else { return Float(2 * state + noise) }
      let row = Double(index % (rows * columns) / columns)
      return Float(2 * exp(-pow((row - Double(rows) * (0.5 + 0.4 * state)) / 2, 2)) + noise)
    }
  }

  /// A batch as a grouping wants it, or of so many single windows: recordings of 300 windows, pieces drawn from
  /// anywhere.
  static func batch(
    _ contract: WindowContract, _ grouping: BatchGrouping?, count: Int = 64, _ random: inout RandomSource,
    _ content: Content
  ) -> PretextWindows {
    var places: [WindowReference] = []
    if let grouping {
      for recording in 0..<grouping.groups {
        for piece in 0..<grouping.stays {
          // The first two are far from each other.
          let length = grouping.stay.length
          let start =
            piece == 0 ? 0 : piece == 1 ? 200 : Int.random(in: 0..<(300 / length), using: &random) * length
          let inside = (start..<(start + length)).shuffled(using: &random).prefix(grouping.windows)
          for window in grouping.inOrder ? inside.sorted() : Array(inside) {
            places.append(WindowReference(recording: recording, window: window))
          }
        }
      }
    } else {
      places = (0..<count).map { WindowReference(recording: 0, window: $0) }
    }
    return PretextWindows(
      contract: contract, count: places.count,
      values: places.flatMap { content(contract, $0.recording, $0.window, &random) }, places: places,
      subjects: places.map(\.recording))
  }
}

/// A model that sees a cue alone: some numbers of a window, and their squares.
struct CourseCue: Encoder {
  typealias Options = NoOptions
  enum Cue: String, CaseIterable {
    /// The first and the last four samples.
    case ends
    /// Mean, deviation, least and greatest value.
    case amplitude
    /// The mean square of the difference from sample to sample, and to the next but one.
    case roughness
    /// The same, and the greatest of the differences.
    case jumps
  }

  static let name = "cue"
  static let summary = "a cue alone"
  let inputs: [WindowContract]
  let cue: Cue
  var width: Int { cue == .ends ? 16 * inputs[0].mapShape.rows : cue == .amplitude ? 8 : cue == .jumps ? 6 : 4 }

  init(_ cue: Cue, _ contract: WindowContract) { (self.cue, inputs) = (cue, [contract]) }

  init(_ scope: Scope, _ options: NoOptions, inputs: [WindowContract]) { (cue, self.inputs) = (.ends, inputs) }

  func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    let (count, samples) = (windows.shape[0], windows.shape[windows.shape.count - 1])
    let flat = try windows.reshaped([count, -1])
    var seen: Tensor
    switch cue {
    case .ends:
      let rows = try windows.reshaped([count, -1, samples])
      seen = try .concatenate([rows.narrowed(2, 0..<4), rows.narrowed(2, (samples - 4)..<samples)], axis: 2)
      seen = try seen.reshaped([count, -1])
    case .amplitude:
      seen = try .concatenate(
        [
          flat.mean([1], keepAxes: true), flat.variance([1], keepAxes: true), flat.minimum([1], keepAxes: true),
          flat.maximum([1], keepAxes: true),
        ], axis: 1)
    case .roughness, .jumps:
      let steps = try (flat.narrowed(1, 1..<flat.shape[1]) - flat.narrowed(1, 0..<(flat.shape[1] - 1))).power(2)
      let twos = try (flat.narrowed(1, 2..<flat.shape[1]) - flat.narrowed(1, 0..<(flat.shape[1] - 2))).power(2)
      var parts = [try steps.mean([1], keepAxes: true), try twos.mean([1], keepAxes: true)]
      if cue == .jumps { parts.append(try steps.maximum([1], keepAxes: true)) }
      seen = try .concatenate(parts, axis: 1)
      seen = try (seen + 1e-6).log()
    }
    return try Tensor.concatenate([seen, seen.power(2)], axis: 1).unsqueezed(1)
  }
}

/// Gives vectors that were made beforehand, one set a call, and keeps the windows that it is given.
final class Script: Encoder {
  typealias Options = NoOptions
  static let name = "script"
  static let summary = "vectors made beforehand"
  let inputs: [WindowContract]
  let width: Int
  var vectors: [Tensor]
  var seen: [[Float]] = []

  /// - Parameter vectors: Each `[windows, width]`.
  init(_ contract: WindowContract, _ vectors: [Tensor]) {
    (inputs, self.vectors, width) = ([contract], vectors, vectors[0].shape[1])
  }

  init(_ scope: Scope, _ options: NoOptions, inputs: [WindowContract]) throws {
    (self.inputs, vectors, width) = (inputs, [], 1)
  }

  func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    seen.append(try windows.values())
    return try (vectors.count > 1 ? vectors.removeFirst() : vectors[0]).unsqueezed(1)
  }
}

/// A task of windows with a store of its own, for an encoder of some width.
func windowTask(
  _ recipe: TaskRecipe, _ contract: WindowContract, width: Int, store: ParameterStore? = nil
) throws -> (task: any WindowTask, store: ParameterStore) {
  let store = try store ?? ParameterStore(seed: 1)
  let network = try PretextNetwork(
    store, encoder: EncoderRecipe(SharedEncoder.self) { $0.width = width }, inputs: [contract])
  return (try #require(recipe.make(store.root("task"), network) as? any WindowTask), store)
}

/// A task trained for some steps, and what it then reaches on windows that it has not seen.
struct TimeTrial {
  var losses: [Double] = []
  var metric = 0.0
  var chance = 0.0
  /// The last losses over the first ones.
  var remaining: Double {
    let (first, last): (Double, Double) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
    return last / first
  }

  /// - Parameter count: Windows in a batch of a task that takes any.
  init(
    _ recipe: TaskRecipe, _ contract: WindowContract, cue: CourseCue.Cue? = nil, steps: Int, count: Int = 48,
    tests: Int = 400, rate: Double = 3e-3, seed: UInt64 = 1, _ content: Courses.Content
  ) throws {
    let store = try ParameterStore(seed: seed)
    let seeing = cue.map { CourseCue($0, contract) }
    let network = try PretextNetwork(
      store,
      encoder: EncoderRecipe(SharedEncoder.self) {
        $0.width = seeing?.width ?? 32
        $0.map.channels = [8, 16]
        $0.signal.channels = [8, 16]
      }, inputs: [contract])
    let encoder: any Encoder = seeing ?? network.encoder
    let task = try #require(recipe.make(store.root("task"), network) as? any WindowTask)
    let trained = seeing == nil ? store.parameters() : store.parameters(under: "task.")
    let optimizer = Optimizer(.adam(), [Optimizer.Group(trained)])
    var random = RandomSource(seed: seed, for: "trial")
    let mode = Mode.training(try Generator(seed: seed))
    for _ in 0..<steps {
      let batch = Courses.batch(contract, task.grouping, count: count, &random, content)
      let loss = try task(batch, encoder, &random, mode).loss
      losses.append(try loss.item())
      for parameter in store.parameters() { try parameter.setGradient(nil) }
      try loss.backward()
      try optimizer.step(learningRate: rate)
    }
    let repeats = task.grouping == nil ? 2 : 12
    for _ in 0..<repeats {
      let batch = Courses.batch(contract, task.grouping, count: tests, &random, content)
      let result = try LibTorch.withoutGradients { try task(batch, encoder, &random, .inference) }
      metric += result.metric / Double(repeats)
      chance += result.chance / Double(repeats)
    }
  }
}
