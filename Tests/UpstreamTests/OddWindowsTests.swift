import Encoders
import Layers
import SleepCore
import Tensors
import Testing
import Training
import Upstream

@Suite("Odd windows")
struct OddWindowsTests {
  private static let contracts = [
    WindowContract(sensor: .respiration, shape: [1, 1], sampleRateHz: 1),
    WindowContract(sensor: .heartRate, shape: [1, 2], sampleRateHz: 1),
    WindowContract(sensor: .heartRate, shape: [1, 30], sampleRateHz: 1),
    WindowContract(sensor: .psg, shape: [7, 64], sampleRateHz: 10),
    WindowContract(sensor: .pressureMap, shape: [1, 1]),
    WindowContract(sensor: .pressureMap, shape: [2, 9, 6]),
    WindowContract(sensor: .spectrogram, shape: [11, 13]),
  ]

  @Test(
    "Flat windows, and few, give a finite loss and finite gradients",
    arguments: ["vicreg", "byol", "dino", "swav", "masked"], contracts)
  func finite(name: String, contract: WindowContract) throws {
    let flat = [Float](repeating: 2, count: 2 * contract.size)
    for values in [flat, flat.enumerated().map { Float($0.offset % 5) }] {
      var run = try TaskOnNetwork(TaskRecipe(named: name), contract)
      let result = try run(PretextWindows(contract: contract, count: 2, values: values))
      #expect(try result.loss.isFinite() && result.metric.isFinite && result.chance.isFinite)
      try result.loss.backward()
      for parameter in run.store.parameters() { #expect(try parameter.gradient()?.isFinite() ?? true) }
      for copy in run.task.slowCopies { try copy.follow() }
    }
  }

  @Test("A single pair of neighbours gives a finite loss", arguments: ["vicreg", "byol", "dino", "swav"])
  func onePair(name: String) throws {
    let recipe =
      switch name {
      case "vicreg": TaskRecipe(VICRegTask.self) { $0.pairs.of = .neighbours }
      case "byol": TaskRecipe(BYOLTask.self) { $0.pairs.of = .neighbours }
      case "swav": TaskRecipe(SwAVTask.self) { $0.pairs.of = .neighbours }
      default: TaskRecipe(DINOTask.self) { $0.pairs.of = .neighbours }
      }
    var run = try TaskOnNetwork(recipe, signalContract)
    #expect(run.task.grouping == BatchGrouping(unit: .subject, groups: 7, stays: 17, windows: 2))
    let result = try run(Windows.structured(signalContract, 2, &run.random))
    try result.loss.backward()
    // There is no other partner to be shuffled with.
    #expect(try result.loss.isFinite() && result.chance == (["dino", "swav"].contains(name) ? result.metric : 1))
    for parameter in run.store.parameters() { #expect(try parameter.gradient()?.isFinite() ?? true) }
  }

  /// The tasks of pairs, with slow copies that move within a short training.
  private static let ofPairs = [
    TaskRecipe(VICRegTask.self), TaskRecipe(BYOLTask.self) { $0.momentum = 0.9 },
    TaskRecipe(DINOTask.self) { $0.momentum = 0.9 }, TaskRecipe(SwAVTask.self),
  ]

  /// The same window again and again: what differs between views is made by the task.
  private func oneWindow(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    var own = RandomSource(seed: 3)
    let one = Windows.structured(contract, 1, &own).values
    return PretextWindows(contract: contract, count: count, values: (0..<count).flatMap { _ in one })
  }

  @Test(
    "Windows with nothing in them: the changes that views are made by leave no mark of who is whose partner",
    arguments: ofPairs, [signalContract, mapContract])
  func nothing(recipe: TaskRecipe, contract: WindowContract) throws {
    let trial = try Trial(recipe, contract, steps: 15, batch: 24, oneWindow)
    #expect(abs(trial.metric - trial.chance) < 0.03, "\(trial.metric), by chance \(trial.chance)")
  }

  /// The same tasks, whose heads are told how each view was changed.
  private static let told = [
    TaskRecipe(ContrastTask.self) { $0.pairs.told = true }, TaskRecipe(VICRegTask.self) { $0.pairs.told = true },
    TaskRecipe(BYOLTask.self) { ($0.momentum, $0.pairs.told) = (0.9, true) },
    TaskRecipe(DINOTask.self) { ($0.momentum, $0.pairs.told) = (0.9, true) },
    TaskRecipe(SwAVTask.self) { $0.pairs.told = true },
  ]

  @Test(
    "How a view was changed does not tell whose partner it is", arguments: told, [signalContract, mapContract])
  func toldNothing(recipe: TaskRecipe, contract: WindowContract) throws {
    let trial = try Trial(recipe, contract, steps: 15, batch: 24, oneWindow)
    #expect(abs(trial.metric - trial.chance) < 0.05, "\(trial.metric), by chance \(trial.chance)")
  }

  @Test("A head that is told of several sensors has room for the one with most to tell", arguments: told)
  func toldSensors(recipe: TaskRecipe) throws {
    var run = try TaskOnNetwork(recipe, signalContract, mapContract)
    for contract in [signalContract, mapContract] {
      let result = try run(Windows.structured(contract, 6, &run.random))
      #expect(try result.loss.isFinite())
      try result.loss.backward()
    }
  }

  @Test(
    "What a head is told of a map stands behind the vector, and its weights learn by it; what was not changed teaches none"
  )
  func toldWeights() throws {
    let recipe = TaskRecipe(ContrastTask.self) { ($0.pairs.told, $0.pairs.map.gain) = (true, 0) }
    var run = try TaskOnNetwork(recipe, mapContract)
    try run(Windows.structured(mapContract, 6, &run.random)).loss.backward()
    let gradient = try #require(try run.store["task.hidden.weight"]?.gradient())
    #expect(gradient.shape == [8, 16])
    // Turn, sizes, shift across, exponent and noise; no shift along the bed by default, and no gain here.
    let learns = try (8..<16).map { try gradient.narrowed(1, $0..<($0 + 1)).values(Float.self).contains { $0 != 0 } }
    #expect(learns == [true, true, true, false, true, true, false, true])
  }

  @Test("A task that asks in which view a window is seen is not told it", arguments: ["views", "rotation"])
  func toldRefused(name: String) {
    let recipe =
      name == "views"
      ? TaskRecipe(ViewsTask.self) { $0.pairs.told = true } : TaskRecipe(RotationTask.self) { $0.pairs.told = true }
    #expect(
      TaskOnNetwork.refusal(recipe)
        == "\(name): 'pairs.told' is true, expected false: in which view a window is seen is what this task asks")
  }

  @Test("Partners are found in windows with structure", arguments: zip(ofPairs, [10, 5, 2, 2]))
  func learns(recipe: TaskRecipe, times: Double) throws {
    let trial = try Trial(recipe, signalContract, steps: 50, Windows.structured)
    #expect(trial.metric > times * trial.chance, "\(trial.metric), by chance \(trial.chance)")
    #expect(trial.losses.allSatisfy { $0.isFinite })
  }
}
