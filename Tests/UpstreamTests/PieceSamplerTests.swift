import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import TestSupport
import Testing
import Training

import Upstream

@Suite("Pieces of recordings")
struct PieceSamplerTests {
  private func source(_ folder: URL, _ lengths: [Int], lost: Set<Int> = [], map: Bool = false) throws -> WindowSource {
    let contract = map ? WindowContract(sensor: .pressureMap, shape: [2, 2]) : Courses.single
    var random = RandomSource(seed: 1)
    let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
    for (index, length) in lengths.enumerated() {
      try writer.write(
        RecordingWindows(
          id: "r\(index)", subject: Subject("S\(index / 2)"), labels: [Int8](repeating: -1, count: length),
          sensors: [
            SensorWindows(
              contract: contract, values: (0..<(length * contract.size)).map { _ in Float(random.normal()) },
              measured: (0..<length).map { !lost.contains($0) })
          ]))
    }
    return try WindowSource(writer.finish(), sensors: [contract.sensor])
  }

  @Test(
    "Runs are windows in order, none in two runs of a batch and none over a gap, of signals and of maps",
    arguments: [false, true])
  func runs(map: Bool) throws {
    try withTemporaryFolder { folder in
      let source = try source(folder, [60, 40, 7, 30], lost: [20], map: map)
      var options = RunOptions()
      (options.context, options.ahead, options.groups, options.runs) = (3, 2, 2, 4)
      let sampler = try StaySampler([source], grouping: options.grouping, seed: 1)
      // The recording of seven windows has one run, and nothing to tell it apart from.
      #expect(sampler.stays == [[[0..<20, 21..<60], [0..<20, 21..<40], [0..<20, 21..<30]]])
      var starts = Set<Int>()
      for plan in (0..<4).flatMap({ sampler.epoch($0) }) {
        #expect(plan.windows.count.isMultiple(of: 5) && Set(plan.windows).count == plan.windows.count)
        for start in stride(from: 0, to: plan.windows.count, by: 5) {
          let run = plan.windows[start..<(start + 5)]
          let first = plan.windows[start]
          #expect(run.map(\.window) == Array(first.window..<(first.window + 5)))
          #expect(run.allSatisfy { $0.recording == first.recording } && !run.contains { $0.window == 20 })
          starts.insert(first.window % 5)
        }
      }
      #expect(starts.count > 2)
      #expect(sampler.epoch(0) == (try StaySampler([source], grouping: options.grouping, seed: 1)).epoch(0))
    }
  }

  @Test("Each recording of a batch has two pieces that are far apart; one that is too short for that is left out")
  func apart() throws {
    try withTemporaryFolder { folder in
      let source = try source(folder, [40, 25, 60])
      let options = BatchGrouping.nearAndFar(near: 2, far: 30, recordings: 2, pieces: 2, windows: 2)
      let sampler = try StaySampler([source], grouping: options, seed: 1)
      #expect(sampler.stays == [[[0..<40], [0..<60]]])
      for plan in (0..<10).flatMap({ sampler.epoch($0) }) {
        for recording in [0, 2] {
          let windows = plan.windows.filter { $0.recording == recording }.map(\.window)
          #expect(windows.count == 4)
          #expect(abs(windows[0] - windows[1]) <= 2 && abs(windows[2] - windows[3]) <= 2)
          #expect(windows[0..<2].allSatisfy { near in windows[2..<4].allSatisfy { abs(near - $0) >= 30 } })
        }
      }
    }
  }

  @Test("All tasks of the order of time are pretrained together, each on batches of its own kind")
  func together() throws {
    try withTemporaryFolder { folder in
      let contract = Courses.signal
      var random = RandomSource(seed: 2)
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      for night in 0..<3 {
        let values = (0..<90).flatMap { Courses.drift(contract, night, $0, &random) }
        try writer.write(
          RecordingWindows(
            id: "r\(night)", subject: Subject("S\(night)"), labels: [Int8](repeating: -1, count: 90),
            sensors: [SensorWindows(contract: contract, values: values, measured: [Bool](repeating: true, count: 90))]))
      }
      let source = try WindowSource(writer.finish(), sensors: [contract.sensor])
      let tasks = [
        TaskRecipe(ArrowTask.self), TaskRecipe(PermutationTask.self), TaskRecipe(WarpTask.self),
        TaskRecipe(RelativePositionTask.self), TaskRecipe(OrderTask.self), TaskRecipe(PredictiveCodingTask.self),
        TaskRecipe(TemporalContrastTask.self),
      ]
      func pretrained(_ tasks: [TaskRecipe]) throws -> Pretrainer.Outcome {
        var recipe = PretrainingRecipe()
        (recipe.tasks, recipe.steps, recipe.epochs) = (tasks, 2, 1)
        let network = try PretextNetwork(
          ParameterStore(seed: 1), encoder: EncoderRecipe(SharedEncoder.self) { $0.width = 16 }, inputs: [contract])
        return try Pretrainer(recipe, seed: 1)(network, sources: [source])
      }
      let numbers = try pretrained(tasks).numbers
      for task in tasks {
        #expect(try #require(numbers["\(task.name)/respiration/loss"]).isFinite)
        let chance = try #require(numbers["\(task.name)/respiration/chance"])
        let runs = task.name == "cpc" || task.name == "ts-tcc"
        #expect(abs(chance - (runs ? 1.0 / 8 : 0.5)) < 1e-9, "\(task.name): \(chance)")
      }
      let error = #expect(throws: TrainingError.self) {
        try pretrained([TaskRecipe(OrderTask.self) { $0.far = 90 }])
      }
      #expect(
        error.map { words(of: $0) }
          == "the corpora hold no recording with two pieces of 3 windows that are 90 windows apart to pretrain on: lower 'far'"
      )
    }
  }

  @Test("What a corpus lacks is said with what to lower")
  func lack() {
    #expect(
      BatchGrouping.nearAndFar(near: 2, far: 30, recordings: 2, pieces: 2, windows: 2).lack
        == "no recording with two pieces of 2 windows that are 30 windows apart to pretrain on: lower 'far'")
    #expect(
      RunOptions().grouping.lack
        == "no recording with 2 runs of 8 windows to pretrain on: lower 'run.context' or 'run.ahead'")
    #expect(
      BatchGrouping(unit: .subject, groups: 2, stays: 2, windows: 2).lack
        == "no two stays of one subject to pretrain on: lower pairs.stay.correlation, stay.minimum or stay.length")
  }
}
