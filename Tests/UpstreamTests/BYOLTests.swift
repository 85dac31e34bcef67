import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("BYOL")
struct BYOLTests {
  @Test("The loss of both ways and its gradient are lightly's")
  func reference() throws {
    let fixture = Fixture("byol")
    let (shape, values) = try fixture.floats("predictions")
    let predictions = try Tensor(values, shape: shape)
    try predictions.setRequiresGradient(true)
    let targets = try Tensor(fixture.floats("targets").values, shape: shape)
    let loss = try bootstrapError(predictions, targets)
    try loss.backward()
    expectClose([Float(try loss.item())], try fixture.floats("loss").values)
    expectClose(
      try #require(try predictions.gradient()).values(), try fixture.floats("gradient").values, relative: 1e-4,
      absolute: 1e-6)
  }

  @Test("The same direction has no error, the opposite one 4, and a right angle 2")
  func byHand() throws {
    func error(_ prediction: [Float]) throws -> Double {
      try directionError(Tensor(prediction, shape: [1, 2]), Tensor([3, 0] as [Float], shape: [1, 2])).item()
    }
    expectClose([try error([7, 0]), try error([-0.1, 0]), try error([0, 2])], [0, 4, 2], relative: 1e-6)
  }

  @Test("The slow copy of a network and of a head keeps its share of itself in each step", arguments: [0.9, 1, 0])
  func follows(momentum: Double) throws {
    let store = try ParameterStore(seed: 1)
    let network = try PretextNetwork(store, encoder: EncoderRecipe(Perceptron.self), inputs: [signalContract])
    let slow = try SlowCopy(of: network, momentum: momentum)
    let (_, _) = try slow.head(store.root("head")) { try Projector($0, inputs: 64, hidden: 3, outputs: 2) }
    let own = slow.network.store.entries.filter { !$0.name.hasPrefix("context") }
    #expect(own.map { $0.name.replacing("heads.2.", with: "head.") } == store.entries.map(\.name))
    let before = try store.entries.map { try $0.tensor.values(Float.self) }
    for (entry, values) in zip(own, before) { #expect(try entry.tensor.values(Float.self) == values) }
    #expect(try own.allSatisfy { try $0.kind == .buffer || $0.tensor.gradient() == nil })
    try LibTorch.withoutGradients {
      for entry in store.entries { try entry.tensor.assign(Tensor.full(3, entry.tensor.shape)) }
    }
    try slow.follow()
    for (entry, values) in zip(own, before) {
      // Running statistics are taken over.
      let kept = entry.kind == .buffer ? 0 : momentum
      expectClose(
        try entry.tensor.values(Float.self), values.map { Float(kept * Double($0) + (1 - kept) * 3) }, relative: 1e-5)
    }
  }

  @Test("Only what is asked for is trained: the slow copy has no parameter among the task's, and no gradient")
  func trained() throws {
    var run = try TaskOnNetwork(
      TaskRecipe(BYOLTask.self) { ($0.hidden, $0.projection) = (6, 4) }, signalContract)
    let names = run.store.entries.filter { $0.name.hasPrefix("task.") && $0.kind == .parameter }.map(\.name)
    let layers = ["hidden.weight", "hidden.bias", "norm.weight", "norm.bias", "output.weight", "output.bias"]
    #expect(names == ["projector", "predictor"].flatMap { part in layers.map { "task.\(part).\($0)" } })
    let result = try run(Windows.structured(signalContract, 8, &run.random))
    try result.loss.backward()
    for name in names { #expect(try run.store[name]?.gradient() != nil, "\(name)") }
  }

  @Test("A copy that keeps all of itself gives the same targets after a step, another one not", arguments: [1, 0.5])
  func momentum(_ momentum: Double) throws {
    let recipe = TaskRecipe(BYOLTask.self) { $0.momentum = momentum }
    let run = try TaskOnNetwork(recipe, signalContract, isTraining: false)
    var random = RandomSource(seed: 5)
    let windows = Windows.structured(signalContract, 8, &random)
    func loss() throws -> Double {
      var same = RandomSource(seed: 6)
      return try run.task(windows, run.network.encoder, &same, .inference).loss.item()
    }
    func scale(by factor: Double) throws {
      try LibTorch.withoutGradients { for parameter in run.store.parameters() { try parameter.scale(by: factor) } }
    }
    let before = try loss()
    // Away for the step, and back again without a trace.
    try scale(by: 2)
    for copy in run.task.slowCopies { try copy.follow() }
    try scale(by: 0.5)
    let after = try loss()
    #expect(momentum == 1 ? after == before : abs(after - before) > 1e-6, "\(before) \(after)")
  }

  @Test("Options that cannot be are refused in words")
  func refusals() {
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(BYOLTask.self) { $0.momentum = 1.5 })
        == "byol: 'momentum' is 1.5, expected a number from 0 to 1")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(BYOLTask.self) { $0.projection = 0 })
        == "byol: 'projection' is 0, expected a whole number from 1 to 65536")
  }
}
