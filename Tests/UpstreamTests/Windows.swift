import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Testing
import Upstream

let mapContract = WindowContract(sensor: .pressureMap, channels: [], shape: [32, 16], sampleRateHz: nil)
let signalContract = WindowContract(sensor: .respiration, channels: ["effort"], shape: [1, 150], sampleRateHz: 5)

/// Windows that a test makes anew for every step.
enum Windows {
  /// Independent values, as skew as pressures: no transform leaves anything to see but its own marks.
  static func noise(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    let size = contract.shape.reduce(1, *)
    let values = (0..<(count * size)).map { _ in Float(pow(random.normal(), 2)) }
    return PretextWindows(contract: contract, count: count, values: values)
  }

  /// Something that has an upright position, away from a border of noise: a wedge of a map, a signal that gets quicker.
  static func structured(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    var windows = noise(contract, count, &random).values.map { 0.3 * $0 }
    let (rows, columns) = (contract.shape[0], contract.shape[1])
    for window in 0..<count {
      let phase = Double.random(in: 0..<(2 * .pi), using: &random)
      let strength = Double.random(in: 1..<3, using: &random)
      for row in 0..<rows {
        for column in 0..<columns {
          let index = (window * rows + row) * columns + column
          if contract.sensor.isMap {
            guard (8..<24).contains(row), (4..<12).contains(column), column - 4 <= (row - 8) / 2 else { continue }
            windows[index] += Float(strength)
          } else {
            let time = Double(column) / Double(columns)
            windows[index] += Float(strength * sin(phase + 40 * time * time))
          }
        }
      }
    }
    return PretextWindows(contract: contract, count: count, values: windows)
  }

  /// Each window another one: a weight somewhere on a map, a signal of its own pace, in a little noise.
  static func various(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    var windows = noise(contract, count, &random).values.map { 0.1 * $0 }
    let (rows, columns) = (contract.shape[0], contract.shape[1])
    for window in 0..<count {
      let (down, across) = (Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random))
      for row in 0..<rows {
        for column in 0..<columns {
          let index = (window * rows + row) * columns + column
          if contract.sensor.isMap {
            let (rise, run) = (Double(row) - Double(rows) * down, Double(column) - Double(columns) * across)
            windows[index] += Float(3 * exp(-(rise * rise + run * run) / 16))
          } else {
            windows[index] += Float(2 * sin(2 * .pi * across + (0.1 + 0.8 * down) * Double(column)))
          }
        }
      }
    }
    return PretextWindows(contract: contract, count: count, values: windows)
  }

  /// Noise whose strength and slowness differ from window to window: what stands beside a hidden part tells of it.
  static func coloured(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    let size = contract.shape.reduce(1, *)
    var values: [Float] = []
    for _ in 0..<count {
      let strength = exp(Double.random(in: -1..<1, using: &random))
      let memory = Double.random(in: -0.9..<0.9, using: &random)
      var last = 0.0
      for _ in 0..<size {
        last = memory * last + strength * random.normal()
        values.append(Float(last))
      }
    }
    return PretextWindows(contract: contract, count: count, values: values)
  }
}

/// A model that sees only a cue: features of a view, and their squares, for a task's linear output.
struct CueEncoder: Encoder {
  enum Cue: CaseIterable {
    /// The outermost cells, or the first and last samples.
    case border
    case corners
    /// Mean, deviation, least and greatest value.
    case amplitude
    /// Squared length of the vectors that pairs of channels make.
    case magnitude
  }

  let inputs: [WindowContract]
  let width: Int
  let cue: Cue
  private let places: [Int64]

  init(_ cue: Cue, _ contract: WindowContract) {
    inputs = [contract]
    self.cue = cue
    let (rows, columns) = (contract.shape[0], contract.shape[1])
    let edge = contract.sensor.isMap ? 1 : 6
    places = (0..<(rows * columns)).filter { index in
      let (row, column) = (index / columns, index % columns)
      let (ends, sides) = ([0, rows - 1].contains(row), column < edge || column >= columns - edge)
      return cue == .border ? sides || contract.sensor.isMap && ends : sides && ends
    }.map(Int64.init)
    width = 2 * (cue == .amplitude ? 4 : cue == .magnitude ? columns : places.count)
  }

  func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    let flat = try windows.reshaped([windows.shape[0], -1])
    let seen: Tensor
    switch cue {
    case .border, .corners: seen = try flat.select(1, indices: Tensor(places))
    case .amplitude:
      seen = try .concatenate(
        [
          flat.mean([1], keepAxes: true), flat.variance([1], keepAxes: true), flat.minimum([1], keepAxes: true),
          flat.maximum([1], keepAxes: true),
        ], axis: 1)
    case .magnitude: seen = try windows.power(2).sum([1, 2])
    }
    return try Tensor.concatenate([seen, seen.power(2)], axis: 1).unsqueezed(1)
  }
}

extension TaskRecipe {
  /// The task for an encoder that is there already, with its parameters under `task.`.
  func windowTask(_ store: ParameterStore, _ encoder: any Encoder) throws -> any WindowTask {
    try #require(
      make(store.root("task"), PretextNetwork(store, encoder: encoder)) as? any WindowTask)
  }
}

/// A task trained for some steps, and what it then reaches on windows that it has not seen.
struct Trial {
  var losses: [Double] = []
  var metric = 0.0
  var chance = 0.0
  /// Whether the last losses are a tenth below the first.
  var fell: Bool {
    let (first, last): (Double, Double) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
    return last < 0.9 * first
  }

  init(
    _ recipe: TaskRecipe, _ contract: WindowContract, cue: CueEncoder.Cue? = nil, steps: Int, batch: Int = 48,
    rate: Double = 3e-3, seed: UInt64 = 1,
    _ windows: (WindowContract, Int, inout RandomSource) -> PretextWindows
  ) throws {
    let store = try ParameterStore(seed: seed)
    let small = EncoderRecipe(SharedEncoder.self) {
      $0.width = 32
      $0.map.channels = [8, 16, 16]
      $0.signal.channels = [8, 16]
    }
    // An encoder that is there already cannot be copied, as tasks with a slow copy want.
    let network =
      try cue.map { try PretextNetwork(store, encoder: CueEncoder($0, contract)) }
      ?? PretextNetwork(store, encoder: small, inputs: [contract])
    let encoder = network.encoder
    let task = try #require(recipe.make(store.root("task"), network) as? any WindowTask)
    let optimizer = Optimizer(.adam(), [Optimizer.Group(store.parameters())])
    var random = RandomSource(seed: seed, for: "trial")
    let mode = Mode.training(try Generator(seed: seed))
    for _ in 0..<steps {
      let loss = try task(windows(contract, batch, &random), encoder, &random, mode).loss
      losses.append(try loss.item())
      for parameter in store.parameters() { try parameter.setGradient(nil) }
      try loss.backward()
      try optimizer.step(learningRate: rate)
      for copy in task.slowCopies { try copy.follow() }
    }
    for _ in 0..<4 {
      let result = try LibTorch.withoutGradients {
        try task(windows(contract, 200, &random), encoder, &random, .inference)
      }
      metric += result.metric / 4
      chance = result.chance
    }
  }
}
