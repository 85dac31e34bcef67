import Encoders
import SleepCore
import TestSupport
import Testing
import Upstream

@Suite("Trivial cues")
struct CueTests {
  @Test(
    "Rotations cannot be told from border, corners or amplitude",
    arguments: [mapContract, signalContract], [CueEncoder.Cue.border, .corners, .amplitude])
  func rotation(contract: WindowContract, cue: CueEncoder.Cue) throws {
    // A folded signal's ends are content once it is turned; only noise has none there.
    let content = contract.sensor.isMap || cue == .amplitude
    let trial = try Trial(
      TaskRecipe(RotationTask.self), contract, cue: cue, steps: 60, content ? Windows.structured : Windows.noise)
    #expect(trial.chance == 0.25)
    #expect(abs(trial.metric - 0.25) < 0.06, "\(trial.metric)")
  }

  @Test(
    "Views cannot be told from border or corners where these look like the rest, nor from amplitude",
    arguments: [mapContract, signalContract], [CueEncoder.Cue.border, .corners, .amplitude])
  func views(contract: WindowContract, cue: CueEncoder.Cue) throws {
    let trial = try Trial(
      TaskRecipe(ViewsTask.self), contract, cue: cue, steps: 60, cue == .amplitude ? Windows.structured : Windows.noise)
    #expect(trial.chance == 0.2)
    #expect(abs(trial.metric - 0.2) < 0.06, "\(trial.metric)")
  }

  @Test(
    "The turns leave no mark: of windows of noise the whole encoder tells none",
    arguments: [
      mapContract, signalContract,
      WindowContract(sensor: .pressureMap, channels: [], shape: [13, 19], sampleRateHz: nil),
    ])
  func noise(contract: WindowContract) throws {
    let trial = try Trial(TaskRecipe(RotationTask.self), contract, steps: 40, Windows.noise)
    #expect(abs(trial.metric - 0.25) < 0.06, "\(trial.metric)")
  }

  @Test("A turn in the phase plane cannot be told from the magnitude")
  func phasePlane() throws {
    let contract = WindowContract(sensor: .radar, channels: ["i", "q"], shape: [2, 40], sampleRateHz: 10)
    let trial = try Trial(TaskRecipe(RotationTask.self), contract, cue: .magnitude, steps: 40, Windows.noise)
    #expect(abs(trial.metric - 0.25) < 0.06, "\(trial.metric)")
  }

  @Test("What is hidden of a spectrum cannot be told from the border or the amplitude of noise")
  func frequency() throws {
    for cue in [CueEncoder.Cue.border, .corners] {
      let trial = try Trial(TaskRecipe(FrequencyTask.self), signalContract, cue: cue, steps: 40, Windows.noise)
      #expect(trial.metric < 0.05 && trial.chance == 0, "\(trial.metric)")
    }
  }
}

/// Tasks whose batches are of windows beside each other; their own tests make such.
private let takesNeighbours = ["relative-position", "order", "cpc", "ts-tcc"]

@Suite("Chance")
struct ChanceTests {
  @Test(
    "What a task says of chance is what its batches give, where that is a number",
    arguments: PretextTasks.ofWindows.filter { !takesNeighbours.contains($0) })
  func said(name: String) throws {
    let kind = try #require(PretextTasks.kinds.first { $0.name == name })
    let trial = try Trial(TaskRecipe(named: name), signalContract, steps: 1, batch: 8, Windows.structured)
    let numbers = kind.chance.split(separator: "/").map { Double($0) }
    if numbers.contains(nil) {
      #expect(["1 of those compared", "of shuffled pairs"].contains(kind.chance) && trial.chance > 0)
    } else {
      #expect(trial.chance == (numbers[0] ?? 0) / (numbers.count > 1 ? numbers[1] ?? 1 : 1))
    }
  }
}

@Suite("Learning")
struct LearningTests {
  @Test(
    "Each task is learnt from windows with structure, and its loss falls",
    arguments: [
      (TaskRecipe(RotationTask.self), mapContract, 40, 0.6), (TaskRecipe(RotationTask.self), signalContract, 60, 0.5),
      (TaskRecipe(ViewsTask.self), mapContract, 50, 0.6), (TaskRecipe(ViewsTask.self), signalContract, 60, 0.5),
      (TaskRecipe(FrequencyTask.self), signalContract, 60, 0.1),
    ])
  func learns(recipe: TaskRecipe, contract: WindowContract, steps: Int, least: Double) throws {
    let trial = try Trial(
      recipe, contract, steps: steps, recipe.name == "frequency" ? Windows.coloured : Windows.structured)
    #expect(trial.metric > least, "\(trial.metric)")
    #expect(trial.fell)
  }

  @Test("Views that find their window, and turns that are found among others, are learnt and stay finite on flat maps")
  func searches() throws {
    let views = TaskRecipe(ViewsTask.self) { ($0.agreement, $0.share) = (.contrast, 0.8) }
    let told = try Trial(views, mapContract, steps: 50, Windows.structured)
    #expect(told.metric > 0.35 && told.chance == 0.2 && told.fell, "\(told.metric)")
    let turns = TaskRecipe(RotationTask.self) { $0.search = true }
    let found = try Trial(turns, mapContract, steps: 50, batch: 24, Windows.structured)
    // Each of 200 windows at three angles, among all of them.
    expectClose([found.chance], [1.0 / 1199])
    #expect(found.metric > 5 * found.chance && found.fell, "\(found.metric)")
    for recipe in [views, turns] {
      let flat = try Trial(recipe, mapContract, steps: 3, batch: 4) { contract, count, _ in
        PretextWindows(contract: contract, count: count, values: [Float](repeating: 0, count: count * contract.size))
      }
      #expect(flat.losses.allSatisfy { $0.isFinite })
    }
  }

  @Test("Contrast is learnt, between copies and between neighbours")
  func contrast() throws {
    for pairs in PairOptions.Kind.allCases {
      let recipe = TaskRecipe(ContrastTask.self) { $0.pairs.of = pairs }
      let trial = try Trial(recipe, signalContract, steps: 60) { contract, count, random in
        let one = Windows.structured(contract, count, &random)
        guard pairs == .neighbours else { return one }
        // Each window again behind itself, a little later.
        let values = (0..<(count / 2)).flatMap { window -> [Float] in
          let first = one.values[(window * 150)..<((window + 1) * 150)]
          return first + first.map { $0 + 0.1 * Float(random.normal()) }
        }
        return PretextWindows(contract: contract, count: count / 2 * 2, values: values)
      }
      expectClose([trial.chance], [pairs == .copies ? 1.0 / 399 : 1.0 / 199])
      #expect(trial.metric > 10 * trial.chance, "\(trial.metric)")
      #expect(trial.fell)
    }
  }

  @Test(
    "The same seed gives the same losses, another one others",
    arguments: PretextTasks.ofWindows.filter { !takesNeighbours.contains($0) })
  func repeatable(name: String) throws {
    func losses(_ seed: UInt64) throws -> [Double] {
      try Trial(TaskRecipe(named: name), signalContract, steps: 4, batch: 8, seed: seed, Windows.structured).losses
    }
    #expect(try losses(1) == losses(1))
    #expect(try losses(1) != losses(2))
  }
}
