import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("DINO")
struct DINOTests {
  private let fixture = Fixture("dino")

  @Test("The head is lightly's with the same weights")
  func head() throws {
    let store = try ParameterStore(seed: 1)
    let head = try PrototypeHead(store.root, inputs: 5, hidden: 6, bottleneck: 4, prototypes: 7, isNormalised: false)
    var weights = try fixture.floats("weights").values[...]
    try LibTorch.withoutGradients {
      for tensor in store.parameters() {
        try tensor.assign(Tensor(Array(weights.prefix(tensor.count)), shape: tensor.shape))
        weights = weights.dropFirst(tensor.count)
      }
    }
    #expect(weights.isEmpty)
    let vectors = try Tensor(fixture.floats("vectors").values, shape: [48, 5])
    expectClose(
      try head(vectors, .inference).values(), try fixture.floats("likeness").values, relative: 1e-4, absolute: 1e-5)
  }

  @Test("The losses and the gradient are lightly's, with the centre that each step leaves to the next")
  func reference() throws {
    let likeness = try Tensor(fixture.floats("likeness").values, shape: [3, 16, 7])
    let centers = try Tensor(fixture.floats("centers").values, shape: [3, 7])
    let student = try likeness.clone()
    try student.setRequiresGradient(true)
    var losses: [Float] = []
    var last: Tensor?
    for step in 0..<3 {
      let loss = try selfDistillation(
        student: student.select(0, step), teacher: likeness.select(0, (step + 2) % 3),
        center: step == 0 ? .zeros([7]) : centers.select(0, step - 1), studentTemperature: 0.1,
        teacherTemperature: 0.04)
      losses.append(Float(try loss.item()))
      last = loss
    }
    expectClose(losses, try fixture.floats("losses").values, relative: 1e-4)
    try #require(last).backward()
    let gradient = try #require(try student.gradient()).select(0, 2)
    expectClose(try gradient.values(), try fixture.floats("gradient").values, relative: 1e-3, absolute: 1e-6)
  }

  @Test("The centre moves as lightly's does, from zero and in training alone")
  func centers() throws {
    let recipe = TaskRecipe(DINOTask.self) { $0.prototypes = 5 }
    var random = RandomSource(seed: 2)
    let windows = Windows.structured(signalContract, 8, &random)
    var training = try TaskOnNetwork(recipe, signalContract)
    func center(_ run: TaskOnNetwork) throws -> [Float] {
      try #require(run.store["task.centers.respiration"]).values()
    }
    #expect(try center(training) == [0, 0, 0, 0, 0])
    _ = try training(windows)
    let first = try center(training)
    #expect(first.allSatisfy { $0 != 0 && abs($0) <= 0.1 })
    var resting = try TaskOnNetwork(recipe, signalContract, isTraining: false)
    _ = try resting(windows)
    #expect(try center(resting) == [0, 0, 0, 0, 0])
    // lightly's: 0.9 of the centre and 0.1 of the mean.
    let likeness = try Tensor(fixture.floats("likeness").values, shape: [3, 16, 7])
    let expected = try fixture.floats("centers").values
    let means = try (0..<3).map { try likeness.select(0, ($0 + 2) % 3).mean([0]).values(Float.self) }
    var moved = [Float](repeating: 0, count: 7)
    for (step, mean) in means.enumerated() {
      moved = zip(moved, mean).map { 0.9 * $0 + 0.1 * $1 }
      expectClose(moved, Array(expected[(7 * step)..<(7 * step + 7)]), relative: 1e-4, absolute: 1e-6)
    }
  }

  @Test("Each sensor has a centre of its own")
  func sensors() throws {
    var run = try TaskOnNetwork(TaskRecipe(DINOTask.self), signalContract, mapContract)
    _ = try run(Windows.structured(mapContract, 4, &run.random))
    #expect(try #require(run.store["task.centers.respiration"]).values(Float.self).allSatisfy { $0 == 0 })
    #expect(try #require(run.store["task.centers.pressure-map"]).values(Float.self).contains { $0 != 0 })
  }

  @Test("Agreement by hand, and by chance what is left where partners are shuffled")
  func agreements() {
    let some = agreement([0, 1, 0, 1], [1, 1, 0, 2])
    // First members 0 and 1 against second ones 0 and 2: one of two; second ones 0 and 1 against 1 and 1: one of two.
    #expect(some.share == 0.5 && some.chance == (1.0 / 4 + 2.0 / 4) / 2)
    let collapsed = agreement([3, 3, 3, 3], [3, 3, 3, 3])
    #expect(collapsed.share == 1 && collapsed.chance == 1)
    let apart = agreement([0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 2])
    #expect(apart.share == 1 && abs(apart.chance - 1.0 / 3) < 1e-12)
    // The mean over all ways to shuffle.
    var random = RandomSource(seed: 1)
    let (student, teacher) = ((0..<40).map { $0 * $0 % 5 }, (0..<40).map { $0 % 3 })
    var sum = 0.0
    for _ in 0..<2000 {
      let halves = [Array(teacher[..<20]), Array(teacher[20...])].map { $0.shuffled(using: &random) }
      sum += agreement(student, halves[0] + halves[1]).share / 2000
    }
    #expect(abs(sum - agreement(student, teacher).chance) < 0.01)
  }

  @Test("A student that gives all alike has the logarithm of the prototypes as its loss")
  func uniform() throws {
    let teacher = try Tensor.normal([6, 9], generator: Generator(seed: 2))
    let loss = try selfDistillation(
      student: .zeros([6, 9]), teacher: teacher, center: .zeros([9]), studentTemperature: 0.1, teacherTemperature: 0.04)
    expectClose([try loss.item()], [log(9)], relative: 1e-5)
  }

  @Test("Options that cannot be are refused in words")
  func refusals() {
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(DINOTask.self) { $0.teacherTemperature = 0.2 })
        == "dino: 'teacher_temperature' is 0.2, expected at most the student's, 0.1, which it is to sharpen")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(DINOTask.self) { $0.prototypes = 1 })
        == "dino: 'prototypes' is 1, expected a whole number from 2 to 1000000")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(DINOTask.self) { $0.centerMomentum = -1 })
        == "dino: 'center_momentum' is -1.0, expected a number from 0 to 1")
  }
}
