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

@Suite("Trivial cues across sensors")
struct CrossSensorCueTests {
  static let tasks: [(name: String, recipe: TaskRecipe, context: ContextRecipe)] = [
    ("cross-sensor", TaskRecipe(CrossSensorTask.self), ContextRecipe()),
    ("cross-prediction", TaskRecipe(CrossPredictionTask.self), ContextRecipe()),
    ("cross-context", TaskRecipe(CrossContextTask.self), Nights.context),
  ]

  @Test("Where sensors share a course each task finds it; where each goes its own way none does", arguments: 0..<3)
  func shared(index: Int) throws {
    let (name, recipe, context) = Self.tasks[index]
    try SensorPairs.with(28, SensorPairs.walks(48, isShared: true)) { source in
      let trial = try SensorTrial(recipe, source, cue: .all, known: 16, context: context, steps: 120)
      #expect(trial.metric > trial.chance + 0.2, "\(name): \(trial.metric), chance \(trial.chance)")
    }
    try SensorPairs.with(28, SensorPairs.walks(48, isShared: false)) { source in
      let trial = try SensorTrial(recipe, source, cue: .all, known: 16, context: context)
      #expect(trial.metric < trial.chance + 0.06, "\(name): \(trial.metric), chance \(trial.chance)")
    }
  }

  @Test("Neither a sleeper's level nor a window's place nor the time of night tells anything", arguments: 0..<3)
  func cues(index: Int) throws {
    let (name, recipe, context) = Self.tasks[index]
    try SensorPairs.with(28, SensorPairs.walks(48, isShared: true, sleepers: 3)) { source in
      for cue in [SensorCue.level, .place] {
        let trial = try SensorTrial(recipe, source, cue: cue, known: 16, context: context)
        #expect(trial.metric < trial.chance + 0.06, "\(name), \(cue): \(trial.metric), chance \(trial.chance)")
      }
      // The context of a recipe may be told the time: this task does not tell it.
      guard index == 2 else { return }
      var told = context
      told.clock = true
      let trial = try SensorTrial(recipe, source, cue: .place, known: 16, context: told)
      #expect(trial.metric < trial.chance + 0.06, "\(name), clock: \(trial.metric), chance \(trial.chance)")
    }
  }

  @Test("Beside courses of their own a level that both sensors tell of is of little use")
  func levelBesideCourses() throws {
    try SensorPairs.with(28, SensorPairs.walks(48, isShared: false, sleepers: 3)) { source in
      for (name, recipe, context) in Self.tasks {
        let trial = try SensorTrial(recipe, source, cue: .all, known: 16, context: context)
        #expect(trial.metric < trial.chance + 0.06, "\(name): \(trial.metric), chance \(trial.chance)")
      }
    }
  }

  @Test("Among windows of all nights a sleeper's level is told, as the task's page says")
  func level() throws {
    try SensorPairs.with(28, SensorPairs.walks(48, isShared: false, sleepers: 3)) { source in
      let all = TaskRecipe(CrossSensorTask.self) { $0.negatives = .all }
      let trial = try SensorTrial(all, source, cue: .level, known: 16)
      #expect(trial.metric > 3 * trial.chance, "\(trial.metric), chance \(trial.chance)")
    }
  }
}

@Suite("What tasks across sensors tell, by hand")
struct CrossSensorTests {
  /// Mean loss, share that is right and chance, in double precision.
  private func byHand(
    _ parts: [[[Double]]], _ isThere: [[Bool]], _ temperature: Double, _ groups: [Int], _ places: [Int]
  ) -> [Double] {
    func unit(_ x: [Double]) -> [Double] {
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return x.map { $0 / length }
    }
    func mean(_ part: Int, _ window: Int) -> [Double]? {
      let others = parts.indices.filter { $0 != part && isThere[$0][window] }
      guard !others.isEmpty else { return nil }
      let units = others.map { unit(parts[$0][window]) }
      return units[0].indices.map { index in units.reduce(0) { $0 + $1[index] } / Double(units.count) }
    }
    var (loss, right, chance, count) = (0.0, 0.0, 0.0, 0.0)
    for part in parts.indices {
      let asked = groups.indices.filter { isThere[part][$0] && mean(part, $0) != nil }
      for window in asked {
        let others = asked.filter { $0 == window || groups[$0] == groups[window] && places[$0] != places[window] }
        let likeness = others.map { other in
          zip(unit(parts[part][window]), unit(mean(part, other) ?? [])).reduce(0) { $0 + $1.0 * $1.1 } / temperature
        }
        let own = likeness[others.firstIndex(of: window) ?? 0]
        loss += log(likeness.reduce(0) { $0 + exp($1) }) - own
        right += own == likeness.max() ? 1 : 0
        chance += 1 / Double(others.count)
        count += 1
      }
    }
    return [loss / count, right / count, chance / count]
  }

  @Test("The leave-one-out contrast is its definition's, with parts missing, groups, and windows that come twice")
  func loss() throws {
    var random = RandomSource(seed: 4)
    for count in [2, 3, 4] {
      let parts = (0..<count).map { _ in (0..<9).map { _ in (0..<5).map { _ in random.normal() } } }
      let isThere = (0..<count).map { part in (0..<9).map { part == 0 || ($0 + part) % 4 != 0 } }
      let (groups, places) = ([0, 0, 0, 0, 1, 1, 1, 2, 0], [0, 1, 2, 3, 4, 5, 6, 7, 1])
      let tensors = try parts.map { try Tensor($0.joined().map(Float.init), shape: [9, 5]) }
      let result = try leaveOneOutContrast(
        tensors, isThere: isThere, temperature: 0.3, groups: groups, places: places)
      expectClose(
        [try result.loss.item(), result.metric, result.chance], byHand(parts, isThere, 0.3, groups, places),
        relative: 1e-4, absolute: 1e-5)
    }
  }

  @Test("A perfect match has nearly no loss and is always right; nothing asked is nothing taught")
  func ends() throws {
    let same = try Tensor.identity(4)
    let result = try leaveOneOutContrast(
      [same, same * 3], isThere: [[true, true, true, true], [true, true, true, true]], temperature: 0.05,
      groups: [0, 0, 0, 0], places: [0, 1, 2, 3])
    #expect(try result.loss.item() < 1e-6 && result.metric == 1 && result.chance == 0.25)
    let nothing = try leaveOneOutContrast(
      [same, same], isThere: [[true, false, true, false], [false, true, false, true]], temperature: 0.05,
      groups: [0, 0, 0, 0], places: [0, 1, 2, 3])
    #expect(try nothing.loss.item() == 0 && nothing.metric == 1 && nothing.chance == 1)
  }

  @Test(
    "cross-prediction's loss is Huber's over the windows' own quantities of the sensor that was left out, and no others"
  )
  func prediction() throws {
    try SensorPairs.with(4, lost: [5, 6], SensorPairs.walks(30, isShared: true)) { source in
      let made = try SensorTaskOnNetwork(TaskRecipe(CrossPredictionTask.self), source)
      for (name, value) in [("output.weight", 0), ("output.bias", 0.7)] {
        let tensor = try #require(made.store["task.\(name)"])
        try LibTorch.withoutGradients { try tensor.assign(Tensor.full(value, tensor.shape)) }
      }
      let plan = BatchPlan(
        sensors: source.sensors, length: 24,
        windows: (0..<4).flatMap { night in (0..<24).map { WindowReference(recording: night, window: $0 + night) } })
      let nights = try made.nights(plan)
      let profile = try nights.profile().values(Float.self).map(Double.init)
      let width = NightProfile.width(source.contracts)
      #expect(width == 20 && NightProfile.ownColumns(source.contracts) == [0, 4, 7, 10, 14, 17])
      for seed in 0..<4 {
        var random = RandomSource(seed: UInt64(seed))
        let result = try made.task(nights, made.network, &random, .inference)
        // The same draws: one of both sensors a stretch.
        var again = RandomSource(seed: UInt64(seed))
        let left = (0..<4).map { _ in Int.random(in: 0..<2, using: &again) }
        let truth = plan.windows.enumerated().filter { ![5, 6].contains($1.window) }.flatMap { place, _ in
          [0, 4, 7].map { profile[place * width + 10 * left[place / 24] + $0] }
        }
        let huber = truth.map { abs(0.7 - $0) < 1 ? pow(0.7 - $0, 2) / 2 : abs(0.7 - $0) - 0.5 }
        let error = truth.reduce(0) { $0 + pow(0.7 - $1, 2) }
        expectClose(
          [try result.loss.item(), result.metric],
          [huber.reduce(0, +) / Double(truth.count), 1 - error / truth.reduce(0) { $0 + $1 * $1 }], relative: 1e-4,
          absolute: 1e-5)
      }
    }
  }

  @Test(
    "What a sensor measures of itself is hidden from cross-prediction: its own windows change nothing that is told of it"
  )
  func hidden() throws {
    try SensorPairs.with(2, SensorPairs.walks(30, isShared: true)) { source in
      let made = try SensorTaskOnNetwork(TaskRecipe(CrossPredictionTask.self), source, context: Nights.context)
      let plan = BatchPlan(
        sensors: source.sensors, length: 12,
        windows: (0..<2).flatMap { night in (0..<12).map { WindowReference(recording: night, window: $0) } })
      for seed in 0..<6 {
        var again = RandomSource(seed: UInt64(seed))
        let left = (0..<2).map { _ in Int.random(in: 0..<2, using: &again) }
        var losses: [Double] = []
        for isChanged in [false, true] {
          var random = RandomSource(seed: UInt64(seed))
          let nights = try made.nights(plan) { batch in
            var batch = batch
            if isChanged {
              for row in 0..<2 { for index in 0..<72 { batch.inputs[left[row]].values[row * 72 + index] = 9 } }
            }
            return batch
          }
          losses.append(try made.task(nights, made.network, &random, .inference).loss.item())
        }
        #expect(losses[0] == losses[1])
      }
    }
  }

  @Test(
    "Of recordings that lack a sensor nothing is asked that only it could tell, and numbers stay finite",
    arguments: 0..<3)
  func lacking(index: Int) throws {
    let (_, recipe, context) = CrossSensorCueTests.tasks[index]
    for lone in [false, true] {
      try SensorPairs.with(
        4, need: .any, lost: [3], lacking: { lone || $0 < 2 ? SensorPairs.sensors[$0 % 2] : nil },
        SensorPairs.walks(24, isShared: true)
      ) { source in
        let made = try SensorTaskOnNetwork(recipe, source, context: context)
        let plan = BatchPlan(
          sensors: source.sensors, length: 12,
          windows: (0..<4).flatMap { night in (0..<12).map { WindowReference(recording: night, window: $0) } })
        var random = RandomSource(seed: 1)
        let result = try made.task(made.nights(plan), made.network, &random, .training(Generator(seed: 1)))
        #expect(try result.loss.item().isFinite && result.metric.isFinite)
        #expect(try (result.loss.item() == 0) == lone)
        try result.loss.backward()
        for entry in made.store.entries where entry.kind == .parameter {
          if let gradient = try entry.tensor.gradient() { #expect(try gradient.isFinite(), "\(entry.name)") }
        }
      }
    }
  }

  @Test(
    "One sensor alone is refused, and so are corpora in which no recording has two, and a context-less cross-context")
  func refusals() throws {
    func refused(_ name: String, _ inputs: [WindowContract], _ context: ContextRecipe) throws -> String? {
      let network = try PretextNetwork(
        ParameterStore(seed: 1), encoder: Nights.encoder, context: context, inputs: inputs)
      do {
        _ = try TaskRecipe(named: name).make(network.store.root(name), network)
        return nil
      } catch let error as EncoderError {
        return words(of: error)
      }
    }
    for name in PretextTasks.acrossSensors {
      #expect(
        try refused(name, [Nights.rate], Nights.context)
          == "\(name): found one sensor, heart-rate, expected two or more in 'sensors' that were recorded together: it asks about one what the "
          + "others tell")
      #expect(try refused(name, [Nights.rate, SensorPairs.motion], Nights.context) == nil)
    }
    #expect(PretextTasks.acrossSensors == ["cross-sensor", "cross-prediction", "cross-context"])
    #expect(
      try refused("cross-context", [Nights.rate, SensorPairs.motion], ContextRecipe())
        == "cross-context: found no context to read the night around a window, expected 'context.kind' to be one of transformer, "
        + "bilstm, bigru, tcn, and no published 'model'")
    #expect(!PretextTasks.ofContexts.contains("cross-sensor") && PretextTasks.ofContexts.contains("cross-prediction"))
    try SensorPairs.with(4, need: .any, lacking: { SensorPairs.sensors[$0 % 2] }, SensorPairs.walks(24, isShared: true))
    {
      source in
      var recipe = PretrainingRecipe()
      (recipe.tasks, recipe.epochs, recipe.steps) = ([TaskRecipe(CrossSensorTask.self)], 1, 1)
      let network = try PretextNetwork(
        ParameterStore(seed: 1), encoder: Nights.encoder, inputs: source.contracts, toleratesMissing: true)
      let error = #expect(throws: TrainingError.self) {
        try Pretrainer(recipe, missing: MissingSensors(), seed: 1)(network, sources: [], nights: [source])
      }
      #expect(
        error.map(words)?.contains(
          "cross-sensor: the corpora hold no recording with two of heart-rate, activity, of which one tells of the other"
        ) == true)
    }
  }
}

@Suite("Nights that lack a sensor")
struct MissingNightTests {
  @Test("Every task of nights trains on nights of which some lack a sensor", arguments: PretextTasks.ofNights)
  func trains(name: String) throws {
    try SensorPairs.with(
      6, need: .any, lost: [3, 4], lacking: { $0 < 4 ? SensorPairs.sensors[$0 % 2] : nil },
      SensorPairs.walks(40, isShared: true)
    ) { source in
      let store = try ParameterStore(seed: 1)
      let network = try PretextNetwork(
        store, encoder: Nights.encoder, context: Nights.context, inputs: source.contracts, toleratesMissing: true)
      var recipe = PretrainingRecipe()
      (recipe.tasks, recipe.epochs, recipe.steps) = ([try TaskRecipe(named: name)], 1, 6)
      (recipe.nights.length, recipe.nights.stride, recipe.nights.batch) = (24, 12, 6)
      let outcome = try Pretrainer(recipe, missing: MissingSensors(), seed: 1)(network, sources: [], nights: [source])
      #expect(outcome.numbers.values.allSatisfy { $0.isFinite })
      #expect(try store.parameters().allSatisfy { try $0.isFinite() })
    }
  }

  @Test("Quantities count where their sensor measured, and are against its own windows")
  func known() throws {
    try SensorPairs.with(
      2, need: .any, lost: [3], lacking: { $0 == 0 ? .activity : nil }, SensorPairs.walks(24, isShared: true)
    ) { source in
      let made = try SensorTaskOnNetwork(TaskRecipe(NightProfileTask.self), source, context: Nights.context)
      let plan = BatchPlan(
        sensors: source.sensors, length: 6,
        windows: (0..<2).flatMap { night in (0..<6).map { WindowReference(recording: night, window: $0) } })
      let nights = try made.nights(plan)
      let flags = try #require(try nights.known()).values(Float.self)
      let shown = (0..<12).map { window in [flags[window * 20], flags[window * 20 + 19]] }
      #expect(
        shown == [[1, 0], [1, 0], [1, 0], [0, 0], [1, 0], [1, 0]] + [
          [1, 1], [1, 1], [1, 1], [0, 1], [1, 1], [1, 1],
        ])
      // Of a sensor that is not there nothing is known; of one that is, the same as of it alone.
      let profile = try NightProfile(source, recording: 0)
      #expect(
        (0..<24).allSatisfy { window in profile.values[(window * 20 + 10)..<(window * 20 + 20)].allSatisfy { $0 == 0 } }
      )
      let alone = try NightProfile(WindowSource(source.store, sensors: [.heartRate]), recording: 0)
      #expect(
        (0..<24).allSatisfy { window in
          Array(profile.values[(window * 20)..<(window * 20 + 10)])
            == Array(alone.values[(window * 10)..<(window * 10 + 10)])
        })
    }
  }
}
