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

@Suite("Near and far windows")
struct NeighbourhoodTests {
  private static let recipes = [
    TaskRecipe(RelativePositionTask.self) { ($0.recordings, $0.pieces) = (3, 6) },
    TaskRecipe(OrderTask.self) { ($0.recordings, $0.pieces) = (3, 6) },
  ]

  /// Windows of recordings at places.
  private func windows(_ places: [(recording: Int, window: Int)], _ contract: WindowContract = Courses.single)
    -> PretextWindows
  {
    PretextWindows(
      contract: contract, count: places.count,
      values: places.flatMap { [Float](repeating: Float($0.window), count: contract.size) },
      places: places.map { WindowReference(recording: $0.recording, window: $0.window) })
  }

  @Test("What is far is of the same recording, and far from every window of a piece; pieces without it are left out")
  func pieces() throws {
    let batch = windows([(0, 5), (0, 3), (0, 14), (0, 13), (1, 40), (1, 41), (0, 24), (0, 25)])
    let pieces = try Pieces(batch, size: 2, far: 9, for: "test")
    #expect(pieces.near == [[1, 0], [3, 2], [6, 7]])
    // 14 is 9 from 5, 13 is but 8; 24 and 25 are 10 and 11 from 14.
    #expect(pieces.far == [[2, 6, 7], [1, 6, 7], [0, 1, 2, 3]])
  }

  @Test("Pairs are near and far in turn, triplets in order and not; half of these are turned round")
  func questions() throws {
    var random = RandomSource(seed: 1)
    let pairs = RelativePositionTask.pairs(
      try Pieces(windows([(0, 5), (0, 3), (0, 50), (0, 49)]), size: 2, far: 40, for: "test"), &random)
    #expect(pairs.isNear == [true, false, true, false])
    #expect(pairs.positions[0] == [1, 0] && pairs.positions[2] == [3, 2])
    #expect(pairs.positions[1][0] == 1 && [2, 3].contains(pairs.positions[1][1]))
    let batch = windows([(0, 5), (0, 3), (0, 4), (0, 50), (0, 49), (0, 48)])
    var turned = 0
    for _ in 0..<200 {
      let triplets = OrderTask.triplets(try Pieces(batch, size: 3, far: 40, for: "test"), &random)
      #expect(triplets.isOrdered == [true, false, true, false])
      for (positions, isOrdered) in zip(triplets.positions, triplets.isOrdered) {
        let places = positions.map { batch.places[$0].window }
        let (low, high) = (min(places[0], places[2]), max(places[0], places[2]))
        #expect(high - low == 2)
        #expect(isOrdered == (low..<high).contains(places[1]))
        turned += places[0] > places[2] ? 1 : 0
      }
    }
    #expect(abs(turned - 400) < 60)
  }

  @Test("A vector that is the place in the night answers all, by hand: its loss is that of the differences")
  func oracle() throws {
    let batch = windows([(0, 100), (0, 101), (0, 0), (0, 1)])
    let encoder = Script(Courses.single, [try Tensor(batch.values, shape: [4, 1])])
    let (task, store) = try windowTask(Self.recipes[0], Courses.single, width: 1)
    try LibTorch.withoutGradients {
      try store["task.output.weight"]?.assign(Tensor([Float(-0.1)], shape: [1, 1]))
      try store["task.output.bias"]?.assign(Tensor([Float(2)]))
    }
    var random = RandomSource(seed: 1)
    var same = random
    let result = try task(batch, encoder, &random, .inference)
    #expect(result.metric == 1 && result.chance == 0.5)
    let pairs = RelativePositionTask.pairs(try Pieces(batch, size: 2, far: 30, for: "test"), &same)
    let losses = zip(pairs.positions, pairs.isNear).map { pair, isNear -> Double in
      let distance = Double(abs(batch.values[pair[0]] - batch.values[pair[1]]))
      return log(1 + exp((isNear ? -1 : 1) * (2 - 0.1 * distance)))
    }
    expectClose([try result.loss.item()], [losses.reduce(0, +) / 4], relative: 1e-5)
  }

  @Test("The order of three windows is told from the two differences alone, whichever way round")
  func order() throws {
    let batch = windows([(0, 100), (0, 102), (0, 101), (0, 0), (0, 1), (0, 2)])
    let encoder = Script(Courses.single, [try Tensor(batch.values, shape: [6, 1])])
    let (task, store) = try windowTask(Self.recipes[1], Courses.single, width: 1)
    try LibTorch.withoutGradients {
      try store["task.output.weight"]?.assign(Tensor([Float(-0.1), -0.1], shape: [1, 2]))
      try store["task.output.bias"]?.assign(Tensor([Float(2)]))
    }
    var random = RandomSource(seed: 1)
    for _ in 0..<10 { #expect(try task(batch, encoder, &random, .inference).metric == 1) }
  }

  @Test("Windows of noise are as near as far, and so are windows that tell whose they are")
  func cues() throws {
    for recipe in Self.recipes {
      let noise = try TimeTrial(recipe, Courses.signal, steps: 30, Courses.noise)
      #expect(abs(noise.chance - 0.5) < 1e-9 && abs(noise.metric - 0.5) < 0.08, "\(recipe.name): \(noise.metric)")
      let own = try TimeTrial(recipe, Courses.signal, steps: 30) { contract, recording, _, random in
        (0..<contract.size).map { _ in Float(3 * Double(recording) + random.normal()) }
      }
      #expect(abs(own.metric - 0.5) < 0.08, "\(recipe.name): \(own.metric)")
    }
  }

  @Test("Both are learnt where the night changes slowly, of signals and of maps")
  func learns() throws {
    for recipe in Self.recipes {
      for contract in [Courses.signal, Courses.map] {
        let trial = try TimeTrial(recipe, contract, steps: 60, rate: 1e-2, Courses.drift)
        #expect(trial.metric > 0.7, "\(recipe.name), \(contract.sensor): \(trial.metric)")
        #expect(trial.remaining < 0.95)
      }
    }
  }

  @Test("Flat windows, windows of one sample and maps with a reference give finite losses; the same seed the same")
  func edges() throws {
    for recipe in Self.recipes {
      for contract in [Courses.single, Courses.axes, Courses.referredMap] {
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

  @Test("They serve all sensors, and refuse odd options and batches in words")
  func refusals() throws {
    for recipe in Self.recipes { #expect(Sensor.allCases.allSatisfy(recipe.serves)) }
    func refused(_ recipe: TaskRecipe) throws -> String {
      let error = #expect(throws: EncoderError.self) { try windowTask(recipe, Courses.signal, width: 8) }
      return error.map { words(of: $0) } ?? ""
    }
    #expect(
      try refused(TaskRecipe(RelativePositionTask.self) { ($0.near, $0.far) = (5, 5) })
        == "relative-position: 'far' is 5, expected more than 'near', 5")
    #expect(
      try refused(TaskRecipe(RelativePositionTask.self) { $0.near = 0 })
        == "relative-position: 'near' is 0, expected a whole number from 1 to 100000")
    #expect(
      try refused(TaskRecipe(OrderTask.self) { $0.near = 1 })
        == "order: 'near' is 1, expected a whole number from 2 to 100000")
    #expect(try refused(TaskRecipe(OrderTask.self) { $0.far = 6 }) == "order: 'far' is 6, expected more than 'near', 6")
    #expect(
      try refused(TaskRecipe(OrderTask.self) { $0.pieces = 1 })
        == "order: 'pieces' is 1, expected a whole number from 2 to 4096")
    func stopped(_ batch: PretextWindows) throws -> String {
      let (task, _) = try windowTask(Self.recipes[0], Courses.single, width: 1)
      var random = RandomSource(seed: 1)
      let encoder = Script(Courses.single, [try Tensor.zeros([batch.count, 1])])
      let error = #expect(throws: TrainingError.self) { try task(batch, encoder, &random, .inference) }
      return error.map { words(of: $0) } ?? ""
    }
    #expect(
      try stopped(windows([(0, 1), (0, 2), (1, 40), (1, 41)]))
        == "relative-position: no two of a batch's 4 windows of activity are of one recording and 30 windows apart: lower 'far'"
    )
    #expect(
      try stopped(windows([(0, 1), (0, 2), (0, 40)]))
        == "relative-position: a batch of 3 windows, the places of 3 known, expected whole pieces of 2 with the places of all"
    )
    #expect(
      try stopped(PretextWindows(contract: Courses.single, count: 2, values: [1, 2]))
        == "relative-position: a batch of 2 windows, the places of 0 known, expected whole pieces of 2 with the places of all"
    )
  }
}
