import Foundation
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Optimisers and schedules as PyTorch has them")
struct OptimizerTests {
  static let rules: [(name: String, rule: Optimizer.Rule, learningRate: Double)] = [
    ("sgd", .sgd(), 0.05),
    ("sgd with momentum and decay", .sgd(momentum: 0.9, weightDecay: 0.1), 0.05),
    ("sgd, nesterov", .sgd(momentum: 0.8, nesterov: true), 0.05),
    ("adam", .adam(), 0.05),
    ("adam with decay", .adam(beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1), 0.05),
    ("adam, amsgrad", .adam(weightDecay: 0.01, amsgrad: true), 0.05),
    ("adamw", .adamW(), 0.05),
    ("adamw, amsgrad", .adamW(weightDecay: 0.2, amsgrad: true), 0.05),
    ("adamw in two groups", .adamW(), 0.05),
    ("sgd, clipped", .sgd(), 0.5),
  ]

  @Test("Twenty steps from one start end at the same weights", arguments: rules)
  func steps(name: String, rule: Optimizer.Rule, learningRate: Double) throws {
    let reference = try Reference("optimizers")
    let store = try ParameterStore(seed: 1)
    let first = try Linear(store.root("0"), inputs: 3, outputs: 6)
    let second = try Linear(store.root("2"), inputs: 6, outputs: 2)
    try reference.load(store, under: "start/")
    let groups: [Optimizer.Group] =
      name == "adamw in two groups"
      ? [.init(store.parameters(under: "0."), factor: 0.1), .init(store.parameters(under: "2."))]
      : [.init(store.parameters())]
    let optimizer = Optimizer(rule, groups)
    let (inputs, targets) = (try reference.tensor("inputs"), try reference.tensor("targets"))
    var (losses, norms): ([Double], [Double]) = ([], [])
    for _ in 0..<20 {
      try store.clearGradients()
      let loss = try second(first(inputs).tanh()).meanSquaredError(targets)
      try loss.backward()
      if name == "sgd, clipped" { norms.append(try clipGradients(of: store.parameters(), to: 0.1)) }
      try optimizer.step(learningRate: learningRate)
      losses.append(try loss.item())
    }
    expectClose(losses, try reference.values(name + "/losses"), relative: 1e-5)
    if !norms.isEmpty { expectClose(norms, try reference.values(name + "/norms"), relative: 1e-5) }
    for entry in store.entries { try reference.expect(entry.tensor, is: "\(name)/\(entry.name)") }
  }

  @Test("A parameter without a gradient stays, and its state begins with its first")
  func withoutGradient() throws {
    let store = try ParameterStore(seed: 1)
    let (a, b) = (try store.root.parameter("a", [2], .ones), try store.root.parameter("b", [2], .ones))
    let optimizer = Optimizer(.adam(), [.init([a, b])])
    try a.sum().backward()
    try optimizer.step(learningRate: 0.5)
    expectClose(try a.values(Float.self), [0.5, 0.5])
    #expect(try b.values(Float.self) == [1, 1])
    try b.sum().backward()
    try optimizer.step(learningRate: 0.5)
    expectClose(try b.values(Float.self), [0.5, 0.5])
  }

  @Test("Gradients below the limit are left as they are, and none has the norm 0")
  func belowLimit() throws {
    let store = try ParameterStore(seed: 1)
    let a = try store.root.parameter("a", [2], .ones)
    #expect(try clipGradients(of: [a], to: 1) == 0)
    try (a * Tensor([0.3, 0.4] as [Float])).sum().backward()
    expectClose([try clipGradients(of: [a], to: 1)], [0.5], relative: 1e-6)
    #expect(try a.gradient()?.values(Float.self) == [0.3, 0.4])
    expectClose([try clipGradients(of: [a], to: 0.25)], [0.5], relative: 1e-6)
    expectClose(try #require(try a.gradient()).values(Float.self), [0.15, 0.2], relative: 1e-5)
  }

  static let schedules: [(name: String, schedule: Schedule)] = [
    ("cosine", .cosine(warmup: 0, total: 30)),
    ("cosine to a floor", .cosine(warmup: 0, total: 30, floor: 0.1)),
    ("cosine with warm-up", .cosine(warmup: 5, total: 30)),
    ("restarts", .restarts(first: 10)),
    ("restarts, longer each time", .restarts(first: 5, factor: 2, floor: 0.05)),
  ]

  @Test("Learning rates follow PyTorch's schedules", arguments: schedules)
  func schedule(name: String, schedule: Schedule) throws {
    let expected = try Reference("schedules").values(name)
    expectClose(expected.indices.map(schedule.factor), expected, relative: 1e-9, absolute: 1e-9)
  }

  @Test("A schedule stays at its floor after its end, and odd numbers do not stop it")
  func edges() {
    #expect(Schedule.cosine(warmup: 3, total: 10, floor: 0.2).factor(at: 99) == 0.2)
    #expect(Schedule.cosine(warmup: 10, total: 10).factor(at: 9) == 1)
    #expect(Schedule.restarts(first: 0, factor: 0).factor(at: 5) == 1)
    #expect(Schedule.constant.factor(at: 7) == 1)
  }

  @Test(
    "A plateau lowers the rate when PyTorch does",
    arguments: ["plateau", "plateau of small gains", "plateau begun with NaN"])
  func plateau(name: String) throws {
    let reference = try Reference("schedules")
    var schedule = PlateauSchedule(shrink: 0.5, patience: 2, threshold: 1e-3, minimum: 0.1)
    let factors = try reference.values(name + "/losses").map { loss in
      schedule.record(loss)
      return schedule.factor
    }
    expectClose(factors, try reference.values(name))
  }
}
