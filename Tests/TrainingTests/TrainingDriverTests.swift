import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

/// Follows random targets; each step draws from two generators.
private final class Walk: SteppedTraining {
  let loop: TrainingLoop
  let stepsInEpoch = 5
  var epochs = 4
  var isOver: Bool { false }
  let store: ParameterStore
  var random = RandomSource(seed: 3)
  let generator: Generator
  var losses: [Double] = []
  /// Steps whose loss is no number, and how often each may come.
  var broken: [Int: Int] = [:]

  init(_ rule: OptimizationOptions.Rule = .adamw, _ schedule: OptimizationOptions.Shape = .cosine) throws {
    store = try ParameterStore(seed: 1)
    let weight = try store.root.parameter("weight", [3], .ones)
    var options = OptimizationOptions()
    (options.rule, options.schedule, options.plateau.patience, options.amsgrad) = (rule, schedule, 0, rule == .adam)
    (options.learningRate, options.period) = (0.1, 3)
    loop = try TrainingLoop(options, groups: [.init([weight])], steps: 20)
    generator = try Generator(seed: 2)
  }

  func begin(epoch: Int) {}

  func loss(step: Int) throws -> Tensor? {
    let target = Float.random(in: 0..<1, using: &random)
    let noise = try Tensor.normal([3], generator: generator)
    if target < 0.1 { return nil }
    let loss = try ((store["weight"]! - noise) * Double(target)).power(2).sum()
    if let left = broken[step], left > 0 {
      broken[step] = left - 1
      return try loss * .nan
    }
    return loss
  }

  func stepped(_ loss: Double?) { losses.append(loss ?? .nan) }

  func end(epoch: Int) -> [String: Double] {
    let mean = losses.filter(\.isFinite).reduce(0, +)
    loop.record(epochLoss: mean)
    losses = []
    return ["loss": mean]
  }

  var lastBatch: String { "windows of a (\(losses.count))" }

  func save(to state: inout TrainingState, as name: String) throws {
    try store.save(to: &state, as: "\(name)/store")
    try state.put("\(name)/random", random)
    try state.put("\(name)/generator", generator.state())
    try state.put("\(name)/losses", losses)
  }

  func load(from state: TrainingState, as name: String) throws {
    try store.load(from: state, as: "\(name)/store")
    random = try state.value("\(name)/random")
    try generator.restore(state.tensor("\(name)/generator"))
    losses = try state.value("\(name)/losses")
  }

  func weights() throws -> [Float] { try store["weight"]!.values(Float.self) }
}

@Suite("Training driver")
struct TrainingDriverTests {
  /// Asked at the boundary of each step, stops at the one of this number.
  private func stopping<Result>(at step: Int, _ body: () throws -> Result) rethrows -> Result {
    try Interruption.$rehearsal.withValue(.init(after: step)) { try body() }
  }

  private func checkpoint(_ folder: URL, _ identity: [String: String] = ["seed": "1"]) -> Checkpoint {
    Checkpoint(folder.appendingPathComponent("walk.safetensors"), of: identity, every: .seconds(1000))
  }

  @Test(
    "Stopped before any step and gone on with, a training is bit for bit the one that was never stopped",
    arguments: OptimizationOptions.Rule.allCases, OptimizationOptions.Shape.allCases)
  func goesOn(rule: OptimizationOptions.Rule, schedule: OptimizationOptions.Shape) throws {
    let whole = try Walk(rule, schedule)
    var expected: [[String: Double]] = []
    _ = try TrainingDriver { expected.append($1) }(whole)
    for step in [0, 1, 4, 5, 7, 13, 19] {
      try withTemporaryFolder { folder in
        let first = try Walk(rule, schedule)
        let error = #expect(throws: Interrupted.self) {
          try stopping(at: step) { try TrainingDriver(checkpoint: checkpoint(folder))(first) }
        }
        #expect(error.map(words) == "interrupted")
        let second = try Walk(rule, schedule)
        var numbers: [[String: Double]] = []
        let outcome = try TrainingDriver(checkpoint: checkpoint(folder)) { numbers.append($1) }(second)
        #expect(try second.weights() == whole.weights())
        #expect(numbers == expected && outcome.epochs == 4)
      }
    }
  }

  @Test("A training that has ended is trained on with more epochs, from where it was")
  func extended() throws {
    try withTemporaryFolder { folder in
      let states = CheckpointFolder(folder.appendingPathComponent("a"), of: ["epochs": "2", "seed": "1"])
      let short = try Walk(.adam, .constant)
      short.epochs = 2
      _ = try TrainingDriver(checkpoint: states.checkpoint("walk"))(short)
      let whole = try Walk(.adam, .constant)
      _ = try TrainingDriver()(whole)
      func longer(_ identity: [String: String], free: Set<String>) throws -> Checkpoint {
        try CheckpointFolder(
          folder.appendingPathComponent("b"), of: identity, extending: folder.appendingPathComponent("a"), free: free
        ).checkpoint("walk")
      }
      let next = try Walk(.adam, .constant)
      let outcome = try TrainingDriver(
        checkpoint: longer(["epochs": "4", "seed": "1"], free: ["epochs"]))(next)
      #expect(try next.weights() == whole.weights() && outcome.epochs == 4)
      let refused = #expect(throws: CheckpointError.self) {
        try longer(["epochs": "4", "seed": "2"], free: ["epochs"])
      }
      #expect(refused?.differences == ["seed: 1, now 2"])
    }
  }

  @Test("A loss that is no number goes back once and passes over its batch; the second one stops")
  func notFinite() throws {
    try withTemporaryFolder { folder in
      let whole = try Walk()
      _ = try TrainingDriver()(whole)
      let walk = try Walk()
      walk.broken = [7: 9]
      let outcome = try TrainingDriver(checkpoint: checkpoint(folder))(walk)
      #expect(
        outcome.notes == [
          "the loss is not a finite number at step 7, on windows of a (2): gone back to step 5, and that batch is passed over"
        ])
      #expect(try walk.weights().allSatisfy { $0.isFinite } && walk.loop.step == whole.loop.step - 1)
      let again = try Walk()
      again.broken = [7: 9, 16: 9]
      let error = #expect(throws: TrainingError.self) { try TrainingDriver()(again) }
      #expect(
        error.map(words)
          == "the loss is not a finite number at step 16, on windows of a (1): lower optimization.learning_rate, or set optimization.clip"
      )
    }
  }

  @Test("A damaged state gives way to the one before it; a state of another training is refused with what differs")
  func files() throws {
    try withTemporaryFolder { folder in
      let whole = try Walk()
      _ = try TrainingDriver()(whole)
      for step in [3, 12] {
        #expect(throws: Interrupted.self) {
          try stopping(at: step) { try TrainingDriver(checkpoint: checkpoint(folder))(Walk()) }
        }
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["walk-before.safetensors", "walk.safetensors"])
      let newest = folder.appendingPathComponent("walk.safetensors")
      try Data(contentsOf: newest).prefix(300).write(to: newest)
      let walk = try Walk()
      _ = try TrainingDriver(checkpoint: checkpoint(folder))(walk)
      #expect(try walk.weights() == whole.weights())
      let error = #expect(throws: CheckpointError.self) {
        try TrainingDriver(checkpoint: checkpoint(folder, ["seed": "2", "device": "cpu"]))(Walk())
      }
      #expect(
        error.map(words)
          == "\(newest.path): found the state of another training (device: nothing, now cpu; seed: 1, now 2), expected one of this recipe and "
          + "these data: give the command that was stopped, or name another folder with --out")
    }
  }

  @Test("Where the disk takes no state the training goes on, and the last good state stands")
  func noDisk() throws {
    try withTemporaryFolder { folder in
      let place = folder.appendingPathComponent("states")
      try Data("a file".utf8).write(to: place)
      let whole = try Walk()
      _ = try TrainingDriver()(whole)
      let walk = try Walk()
      _ = try TrainingDriver(checkpoint: checkpoint(place))(walk)
      #expect(try walk.weights() == whole.weights())
      #expect(try String(contentsOf: place, encoding: .utf8) == "a file")
    }
  }
}
