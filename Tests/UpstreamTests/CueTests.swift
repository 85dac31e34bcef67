import Encoders
import SleepCore
import TestSupport
import Testing
import Upstream

/// The two tasks as they were published, where a view or a turn is told by itself.
enum Published {
  static let views = TaskRecipe(ViewsTask.self) { $0.search = false }
  static let rotation = TaskRecipe(RotationTask.self) { $0.search = false }
}

@Suite("Trivial cues")
struct CueTests {
  @Test(
    "Rotations cannot be told from border, corners or amplitude",
    arguments: [mapContract, signalContract], [CueEncoder.Cue.border, .corners, .amplitude])
  func rotation(contract: WindowContract, cue: CueEncoder.Cue) throws {
    // A folded signal's ends are content once it is turned; only noise has none there.
    let content = contract.sensor.isMap || cue == .amplitude
    let trial = try Trial(
      Published.rotation, contract, cue: cue, steps: 60, content ? Windows.structured : Windows.noise)
    #expect(trial.chance == 0.25)
    #expect(abs(trial.metric - 0.25) < 0.06, "\(trial.metric)")
  }

  @Test(
    "Views cannot be told from border or corners where these look like the rest, nor from amplitude",
    arguments: [mapContract, signalContract], [CueEncoder.Cue.border, .corners, .amplitude])
  func views(contract: WindowContract, cue: CueEncoder.Cue) throws {
    let trial = try Trial(
      Published.views, contract, cue: cue, steps: 60, cue == .amplitude ? Windows.structured : Windows.noise)
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
    let trial = try Trial(Published.rotation, contract, steps: 40, Windows.noise)
    #expect(abs(trial.metric - 0.25) < 0.06, "\(trial.metric)")
  }

  @Test("Turns of smooth folded signals are told by their roughness; where they are searched for, it finds few")
  func roughness() throws {
    func trial(_ recipe: TaskRecipe, _ cue: CourseCue.Cue?) throws -> TimeTrial {
      try TimeTrial(recipe, Courses.signal, cue: cue, steps: 150, count: 24, tests: 60, Courses.smooth)
    }
    let told = try trial(Published.rotation, .roughness)
    #expect(told.chance == 0.25 && told.metric > 0.45, "\(told.metric)")
    let search = TaskRecipe(RotationTask.self) { ($0.pairs.groups, $0.pairs.stays) = (2, 12) }
    let (rough, whole) = (try trial(search, .roughness), try trial(search, nil))
    // Of the turns it knows half, and of the windows next to nothing.
    #expect(rough.metric < 0.1, "\(rough.metric)")
    #expect(whole.metric > 3 * rough.metric, "\(whole.metric), \(rough.metric)")
  }

  @Test("A turn in the phase plane cannot be told from the magnitude")
  func phasePlane() throws {
    let contract = WindowContract(sensor: .radar, channels: ["i", "q"], shape: [2, 40], sampleRateHz: 10)
    let trial = try Trial(Published.rotation, contract, cue: .magnitude, steps: 40, Windows.noise)
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
      (Published.rotation, mapContract, 40, 0.6), (Published.rotation, signalContract, 60, 0.5),
      (Published.views, mapContract, 50, 0.6), (Published.views, signalContract, 60, 0.5),
      (TaskRecipe(FrequencyTask.self), signalContract, 60, 0.1),
    ])
  func learns(recipe: TaskRecipe, contract: WindowContract, steps: Int, least: Double) throws {
    let trial = try Trial(
      recipe, contract, steps: steps, recipe.name == "frequency" ? Windows.coloured : Windows.structured)
    #expect(trial.metric > least, "\(trial.metric)")
    #expect(trial.fell)
  }

  @Test(
    "Views that find their window are learnt, of maps and of signals",
    arguments: [(mapContract, 4), (signalContract, 5)])
  func viewSearch(contract: WindowContract, views: Int) throws {
    let trial = try Trial(TaskRecipe(ViewsTask.self), contract, steps: 50, batch: 24, Windows.various)
    // Each of 200 windows in each view, twice, without itself.
    expectClose([trial.chance], [1.0 / Double(200 * views * 2 - 1)])
    #expect(trial.metric > 5 * trial.chance && trial.fell, "\(trial.metric), \(trial.chance)")
  }

  @Test(
    "Turned windows are found, of maps, of folded signals, and of radar in its plane",
    arguments: [
      (mapContract, 3), (signalContract, 4),
      (WindowContract(sensor: .radar, channels: ["i", "q"], shape: [2, 40], sampleRateHz: 10), 4),
    ])
  func turnSearch(contract: WindowContract, turns: Int) throws {
    let trial = try Trial(TaskRecipe(RotationTask.self), contract, steps: 50, batch: 24, Windows.structured)
    // Each of 200 windows at each turn, twice, without itself.
    expectClose([trial.chance], [1.0 / Double(200 * turns * 2 - 1)])
    #expect(trial.metric > 5 * trial.chance && trial.fell, "\(trial.metric)")
  }

  @Test("Flat windows leave the search finite", arguments: [mapContract, signalContract])
  func flat(contract: WindowContract) throws {
    for recipe in [TaskRecipe(ViewsTask.self), TaskRecipe(RotationTask.self)] {
      let flat = try Trial(recipe, contract, steps: 3, batch: 4) { contract, count, _ in
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
