import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("Masked patches")
struct MaskedTests {
  private let fixture = Fixture("masked")

  @Test(
    "Patches, their normalisation, the loss and its gradient are PyTorch's",
    arguments: [
      ("maps", WindowContract(sensor: .pressureMap, shape: [9, 7])),
      ("signals", WindowContract(sensor: .respiration, shape: [2, 23], sampleRateHz: 5)),
    ])
  func reference(name: String, contract: WindowContract) throws {
    func tensor(_ part: String) throws -> Tensor {
      let (shape, values) = try fixture.floats("\(name)-\(part)")
      return try Tensor(values, shape: shape)
    }
    let grid = PatchGrid(contract, stretches: 5, rectangle: (4, 3))
    let patches = try grid.patches(tensor("windows"))
    #expect(try patches.shape == tensor("patches").shape)
    #expect(try patches.values(Float.self) == tensor("patches").values())
    let normal = try normalizedPatches(patches)
    expectClose(try normal.values(), try tensor("normal").values(), relative: 1e-4, absolute: 1e-5)
    let told = try tensor("told")
    try told.setRequiresGradient(true)
    let result = try MaskedReconstruction(told, truth: normal.reshaped(told.shape), hidden: tensor("hidden"))
    try result.error.backward()
    expectClose([Float(try result.error.item())], try fixture.floats("\(name)-loss").values)
    expectClose(
      try #require(try told.gradient()).values(), try tensor("gradient").values(), relative: 1e-4, absolute: 1e-6)
  }

  @Test(
    "Patches put together again are the windows, but for what fills no patch",
    arguments: [
      (WindowContract(sensor: .pressureMap, shape: [2, 9, 7]), [2, 2]),
      (WindowContract(sensor: .pressureMap, shape: [2, 3]), [1, 1]),
      (WindowContract(sensor: .psg, shape: [3, 70], sampleRateHz: 10), [1, 14]),
      (WindowContract(sensor: .heartRate, shape: [1, 30], sampleRateHz: 1), [1, 7]),
      (WindowContract(sensor: .heartRate, shape: [1, 1], sampleRateHz: 1), [1, 1]),
    ])
  func joined(contract: WindowContract, patches: [Int]) throws {
    let grid = PatchGrid(contract, stretches: 16, rectangle: (4, 3))
    #expect([grid.grid.rows, grid.grid.columns] == patches)
    let windows = try Tensor.normal(
      [3, grid.planes, grid.window.rows, grid.window.columns], generator: Generator(seed: 1))
    let joined = try grid.joined(grid.patches(windows))
    let inside = try grid.joined(.ones([1, 1, 1, 1]))
    #expect(try joined.values(Float.self) == (windows * inside).values(Float.self))
    #expect(try inside.sum().item() == Double(grid.count * grid.cells))
  }

  @Test("As many patches are hidden as are asked for, but never all where there are two", arguments: [0.01, 0.5, 0.99])
  func shares(share: Double) throws {
    var random = RandomSource(seed: 1)
    for (samples, many) in [(4, 1), (8, 1), (64, max(1, min(15, Int((share * 16).rounded()))))] {
      let grid = PatchGrid(
        WindowContract(sensor: .respiration, shape: [1, samples], sampleRateHz: 1), stretches: 16, rectangle: (1, 1))
      let hidden = try grid.hidden(20, share: share, &random)
      #expect(try hidden.sum([1]).values(Float.self) == [Float](repeating: Float(many), count: 20))
      // Each patch is hidden at some time.
      #expect(try grid.count < 16 || share < 0.1 || hidden.maximum([0]).minimum([0]).item() == 1)
    }
  }

  /// Keeps the windows that it is given.
  private final class Witness: Encoder {
    let inputs: [WindowContract]
    let width = 4
    var seen: [Float] = []
    init(_ contract: WindowContract) { inputs = [contract] }
    func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
      seen = try windows.values()
      return try .zeros([windows.shape[0], 1, 4])
    }
  }

  @Test(
    "Of what is hidden the encoder sees nothing, in no channel and no plane, and of the rest everything",
    arguments: MaskedTask.Fill.allCases,
    [
      WindowContract(sensor: .pressureMap, shape: [2, 8, 6]),
      WindowContract(sensor: .psg, shape: [3, 32], sampleRateHz: 10),
    ])
  func nothingLeft(fill: MaskedTask.Fill, contract: WindowContract) throws {
    let encoder = Witness(contract)
    let store = try ParameterStore(seed: 1)
    let recipe = TaskRecipe(MaskedTask.self) { ($0.fill, $0.patchRows, $0.patchColumns) = (fill, 4, 3) }
    let task = try recipe.windowTask(store, encoder)
    try LibTorch.withoutGradients {
      let name = "task.\(contract.sensor.rawValue).hidden"
      let patch = try #require(store[name])
      try patch.assign(.full(-9, patch.shape))
    }
    var random = RandomSource(seed: 2)
    let windows = PretextWindows(
      contract: contract, count: 5, values: (0..<(5 * contract.size)).map { Float($0 + 1) })
    var same = random
    _ = try task(windows, encoder, &random, .inference)
    let grid = PatchGrid(contract, stretches: 16, rectangle: (4, 3))
    let hidden = try grid.hidden(5, share: 0.5, &same)
    let mask = try grid.joined(hidden.reshaped([5, grid.count, 1, 1])).expanded(
      [5, grid.planes, grid.window.rows, grid.window.columns]
    ).values(Float.self)
    let shift = fill == .others ? Int.random(in: 1..<5, using: &same) : 0
    for index in mask.indices {
      let other = windows.values[(index + (5 - shift) * contract.size) % mask.count]
      let filled: Float = fill == .zeros ? 0 : fill == .learned ? -9 : other
      #expect(encoder.seen[index] == (mask[index] == 1 ? filled : windows.values[index]))
    }
    #expect(fill != .others || (1..<5).contains(shift))
  }

  @Test("What is known of places alone explains nothing, the truth all, and half of it three quarters")
  func explained() throws {
    let generator = try Generator(seed: 3)
    let pattern = try Tensor.normal([1, 6, 4], generator: generator) * 5
    for windows in [2, 30] {
      var sum = 0.0
      let rounds = windows == 2 ? 400 : 30
      for _ in 0..<rounds {
        let own = try Tensor.normal([windows, 6, 4], generator: generator)
        let truth = try pattern + own
        let hidden = try Tensor.uniform([windows, 6], generator: generator).isGreater(than: 0.5).to(.float32)
        if try hidden.sum().item() == 0 { continue }
        let told = try pattern.expanded(truth.shape)
        let known = try MaskedReconstruction(told, truth: truth, hidden: hidden)
        sum += known.explained / Double(rounds)
        #expect(try MaskedReconstruction(truth, truth: truth, hidden: hidden).explained == 1)
        if windows == 30 {
          let half = try MaskedReconstruction(pattern + own * 0.5, truth: truth, hidden: hidden).explained
          #expect(abs(half - 0.75) < 0.05)
        }
      }
      // Of two windows the ratio itself leans below 0.
      #expect(windows == 2 ? sum < 0.02 : abs(sum) < 0.03, "\(sum)")
    }
    let flat = try Tensor.zeros([3, 2, 2])
    #expect(try MaskedReconstruction(flat + 1, truth: flat, hidden: .ones([3, 2])).explained == 0)
  }

  @Test("Positions of a map's patches are rows and columns, those of tokens lie evenly over a signal's stretches")
  func positions() throws {
    let map = PatchGrid(WindowContract(sensor: .pressureMap, shape: [8, 9]), stretches: 2, rectangle: (4, 3))
    let places = try map.positions(width: 8)
    #expect(places.shape == [6, 8])
    let line = try SinusoidalPositions.make(length: 3, width: 4)
    // The fifth patch is in the second row and the second column.
    let expected = try Tensor.concatenate([line.select(0, 1), line.select(0, 1)], axis: 0).values(Float.self)
    expectClose(try places.select(0, 4).values(), expected)
    #expect(try map.positions(ofTokens: 1, width: 8) == nil)
    let signal = PatchGrid(
      WindowContract(sensor: .respiration, shape: [1, 80], sampleRateHz: 1), stretches: 8, rectangle: (1, 1))
    let tokens = try #require(try signal.positions(ofTokens: 8, width: 6)).values(Float.self)
    expectClose(tokens, try signal.positions(width: 6).values())
    let halves = try #require(try signal.positions(ofTokens: 2, width: 6)).values(Float.self)
    expectClose(halves, try SinusoidalPositions.make(at: Tensor([1.5, 5.5] as [Float]), width: 6).values())
  }

  @Test(
    "Of noise nothing is told, neither from all that is seen nor from its border",
    arguments: [signalContract, mapContract])
  func noise(contract: WindowContract) throws {
    for cue in [nil, CueEncoder.Cue.border] {
      let trial = try Trial(TaskRecipe(MaskedTask.self), contract, cue: cue, steps: 20, Windows.noise)
      #expect(trial.metric < 0.02 && trial.chance == 0, "\(trial.metric)")
    }
  }

  @Test("A signal's hidden stretches are told from the rest, not from its amplitude")
  func learns() throws {
    let whole = try Trial(TaskRecipe(MaskedTask.self), signalContract, steps: 150, Windows.sines)
    #expect(whole.metric > 0.15 && whole.fell, "\(whole.metric)")
    let cue = try Trial(TaskRecipe(MaskedTask.self), signalContract, cue: .amplitude, steps: 60, Windows.sines)
    #expect(cue.metric < 0.05, "\(cue.metric)")
  }

  @Test("A map's hidden rectangles are told from the rest", arguments: MaskedTask.Fill.allCases)
  func maps(fill: MaskedTask.Fill) throws {
    let recipe = TaskRecipe(MaskedTask.self) { $0.fill = fill }
    let trial = try Trial(recipe, mapContract, steps: 60, Windows.hills)
    #expect(trial.metric > 0.15 && trial.fell, "\(trial.metric)")
  }

  @Test("It serves maps and signals with samples, and needs no neighbours")
  func serves() throws {
    let recipe = TaskRecipe(MaskedTask.self)
    #expect(
      Sensor.allCases.filter { !recipe.serves($0) } == [.activity, .spo2, .position, .temperature, .sound])
    #expect(try TaskOnNetwork(recipe, signalContract).task.grouping == nil)
  }

  @Test("Options that cannot be are refused in words")
  func refusals() {
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(MaskedTask.self) { $0.hidden = 1 })
        == "masked: 'hidden' is 1.0, expected a number above 0 and below 1")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(MaskedTask.self) { $0.decoder.width = 6 })
        == "masked: 'decoder.width' is 6, expected a multiple of 4")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(MaskedTask.self) { $0.decoder.heads = 7 })
        == "masked: 'decoder.heads' is 7, expected a divisor of the width, 64")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(MaskedTask.self) { $0.stretches = 1 })
        == "masked: 'stretches' is 1, expected a whole number from 2 to 4096")
  }
}

extension Windows {
  /// A slow sine of any phase and strength, with little noise: one stretch tells of another.
  static func sines(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    let samples = contract.shape[1]
    var values: [Float] = []
    for _ in 0..<count {
      let phase = Double.random(in: 0..<(2 * .pi), using: &random)
      let strength = Double.random(in: 1..<3, using: &random)
      for sample in 0..<samples {
        values.append(Float(strength * sin(phase + 12 * Double(sample) / Double(samples)) + 0.05 * random.normal()))
      }
    }
    return PretextWindows(contract: contract, count: count, values: values)
  }

  /// A wide hill somewhere on a map, with little noise.
  static func hills(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    let (rows, columns) = contract.mapShape
    var values: [Float] = []
    for _ in 0..<count {
      let middle = (
        Double.random(in: 0..<Double(rows), using: &random), Double.random(in: 0..<Double(columns), using: &random)
      )
      for row in 0..<rows {
        for column in 0..<columns {
          let (down, across) = (Double(row) - middle.0, Double(column) - middle.1)
          values.append(Float(4 * exp(-(down * down + across * across) / 80) + 0.01 * random.normal()))
        }
      }
    }
    return PretextWindows(contract: contract, count: count, values: values)
  }
}
