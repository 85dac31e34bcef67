import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import Training

@Suite("Training loop")
struct TrainingLoopTests {
  func make(_ change: (inout OptimizationOptions) -> Void = { _ in }, steps: Int = 10) throws -> (Tensor, TrainingLoop)
  {
    var options = OptimizationOptions()
    change(&options)
    let store = try ParameterStore(seed: 1)
    let weight = try store.root.parameter("weight", [2], .ones)
    return (weight, try TrainingLoop(options, groups: [.init([weight])], steps: steps))
  }

  @Test("A loss or gradient that is not finite is refused before the weights are touched")
  func notFinite() throws {
    let (weight, loop) = try make()
    #expect(try loop.step(weight.power(2).sum()) == 2)
    let before = try weight.values(Float.self)
    for value in [Double.nan, .infinity] {
      let error = #expect(throws: TrainingError.self) { try loop.step((weight * value).sum()) }
      #expect(
        words(of: try #require(error))
          == "the loss is not a finite number at step 1: lower optimization.learning_rate, or set optimization.clip")
    }
    // The root's slope at 0 is infinite, its value is not.
    let error = #expect(throws: TrainingError.self) { try loop.step((weight - weight.detach()).squareRoot().sum()) }
    #expect(
      words(of: try #require(error))
        == "the gradient is not a finite number at step 1, though the loss is: lower optimization.learning_rate")
    #expect(try weight.values(Float.self) == before)
    #expect(loop.step == 1)
    #expect(try loop.step(weight.power(2).sum()) < 2)
    // Nothing of a loss that was refused is left in the gradient of the next.
    #expect(throws: TrainingError.self) { try loop.step((weight * .nan).sum()) }
    #expect(try loop.step(weight.power(2).sum()) < 2 && weight.isFinite())
  }

  @Test("Gradients do not pile up from step to step, and the rate follows schedule, plateau and clipping")
  func rate() throws {
    let (weight, loop) = try make(
      {
        $0.rule = .sgd
        $0.learningRate = 0.1
        $0.weightDecay = 0
        $0.schedule = .plateau
        $0.plateau.factor = 0.5
        $0.plateau.patience = 0
        $0.clip = 0
      })
    // Momentum 0.9 and a gradient of 1: 0.1, then 0.19 more, then half of 0.271.
    var expected: [Float] = [1 - 0.1, 1 - 0.29, 1 - 0.29 - 0.1355]
    for step in 0..<3 {
      // Two epochs end before the third step, and the second is no better.
      if step == 2 { for loss in [0.7, 0.7] { loop.record(epochLoss: loss) } }
      try loop.step(weight.sum())
      let value = expected.removeFirst()
      expectClose(try weight.values(Float.self), [value, value])
    }
    #expect(loop.plateauFactor == 0.5)
    let (clipped, clipping) = try make(
      {
        $0.rule = .sgd
        $0.learningRate = 1
        $0.weightDecay = 0
        $0.clip = 0.5
        $0.warmup = 0.2
      })
    try clipping.step((clipped * Tensor([300, 400] as [Float])).sum())
    expectClose(try clipped.values(Float.self), [1 - 0.5 * 0.3, 1 - 0.5 * 0.4])
  }

  @Test(
    "The first steps of Adam, AdamW and plain gradient descent are those by hand, with a recipe's epsilon and momentum")
  func byHand() throws {
    // Both corrected moments of a first gradient g are g and its square, so that Adam's first step is g / (|g| + epsilon).
    let gradients: [Float] = [1e-7, -3e-7]
    for (epsilon, shares) in [(1e-8, [10.0 / 11, -30.0 / 31]), (1e-7, [0.5, -0.75])] {
      for rule in [OptimizationOptions.Rule.adam, .adamw] {
        let (weight, loop) = try make {
          ($0.rule, $0.epsilon, $0.learningRate, $0.weightDecay, $0.schedule) = (rule, epsilon, 0.5, 0, .constant)
          $0.clip = 0
        }
        try loop.step((weight * Tensor(gradients)).sum())
        expectClose(try weight.values(Float.self), shares.map { Float(1 - 0.5 * $0) }, relative: 1e-5)
      }
    }
    let (weight, plain) = try make {
      ($0.rule, $0.momentum, $0.learningRate, $0.weightDecay) = (.sgd, 0, 0.1, 0)
      ($0.schedule, $0.clip) = (.constant, 0)
    }
    for _ in 0..<3 { try plain.step(weight.sum()) }
    expectClose(try weight.values(Float.self), [0.7, 0.7])
    let options = OptimizationOptions()
    #expect(options.epsilon == 1e-8 && options.momentum == 0.9)
  }

  @Test("Every rule and schedule of a recipe lowers a loss", arguments: OptimizationOptions.Rule.allCases)
  func learns(rule: OptimizationOptions.Rule) throws {
    for schedule in OptimizationOptions.Shape.allCases {
      let (weight, loop) = try make(
        {
          $0.rule = rule
          $0.schedule = schedule
          $0.learningRate = 0.05
          $0.amsgrad = rule == .adam
        }, steps: 40)
      var losses: [Double] = []
      for _ in 0..<40 { losses.append(try loop.step(weight.power(2).sum())) }
      #expect(losses[39] < 0.5 * losses[0])
    }
  }

  @Test("Several batches make the step of their mean, and none before it")
  func accumulated() throws {
    for rule in OptimizationOptions.Rule.allCases {
      let (together, one) = try make { $0.rule = rule }
      let (apart, four) = try make {
        ($0.rule, $0.accumulate) = (rule, 4)
      }
      let targets: [Float] = [0.5, -1, 2, 3]
      for _ in 0..<3 {
        try one.step(Tensor.stack(targets.map { try (together - Double($0)).power(2).sum() }).mean())
        for target in targets {
          let before = try apart.values(Float.self)
          _ = try four.add((apart - Double(target)).power(2).sum())
          #expect(try apart.values(Float.self) == before)
        }
        try four.take()
        expectClose(try apart.values(Float.self), try together.values(Float.self))
      }
      #expect(one.step == 3 && four.step == 3)
    }
  }

  private func options(_ change: (inout OptimizationOptions) -> Void) -> OptimizationOptions {
    var options = OptimizationOptions()
    change(&options)
    return options
  }

  @Test(
    "The mean of the last epochs' ends is that of PyTorch's AveragedModel, running statistics too, epoch after epoch")
  func lastEpochs() throws {
    let file = try SafetensorsFile(Fixture("averaged").url("averaged.safetensors"))
    let store = try ParameterStore(seed: 1)
    let weight = try store.root.parameter("weight", [3, 2], .zeros)
    let mean = try store.root.buffer("running_mean", .zeros([3]))
    let batches = try store.root.buffer("num_batches_tracked", .zeros([], dtype: .int64))
    for most in [2, 3] {
      let average = try #require(try WeightAverage(of: store, options { $0.averageLast = most }))
      for epoch in 0..<6 {
        try LibTorch.withoutGradients {
          try weight.assign(file.tensor("end.\(epoch).weight"))
          try mean.assign(file.tensor("end.\(epoch).running_mean"))
          try batches.assign(Tensor(Int64(epoch)))
        }
        let before = try average.inPlace { try weight.values(Float.self) }
        try average.follow(after: epoch)
        #expect(try average.inPlace { try weight.values(Float.self) } == before)
        try average.endEpoch()
        try average.inPlace {
          expectClose(
            try weight.values(Float.self), try file.tensor("mean\(most).\(epoch).weight").values(Float.self))
          expectClose(
            try mean.values(Float.self), try file.tensor("mean\(most).\(epoch).running_mean").values(Float.self))
          #expect(try batches.values(Int64.self) == [Int64(epoch)])
        }
        #expect(try weight.values(Float.self) == file.tensor("end.\(epoch).weight").values(Float.self))
        // Gone on with from its state, it is the same.
        var state = TrainingState()
        try average.save(to: &state, as: "average")
        try average.load(from: state, as: "average")
      }
      try average.settle()
      expectClose(try weight.values(Float.self), try file.tensor("mean\(most).5.weight").values(Float.self))
    }
    #expect(try WeightAverage(of: store, options { $0.averageLast = 1 }) == nil)
  }

  @Test("The slow copy follows by hand, and stands in the place of the weights while it is asked")
  func averaged() throws {
    let store = try ParameterStore(seed: 1)
    let weight = try store.root.parameter("weight", [2], .ones)
    let still = try store.root.parameter("still", [1], .ones)
    let statistic = try store.root.buffer("mean", .zeros([1]))
    try still.setRequiresGradient(false)
    let average = try #require(try WeightAverage(of: store, options { $0.averaging = 0.25 }))
    // 1 / 10, then 2 / 11, then 0.25: copies of 1 that follow 3, 5 and 7.
    var expected: Float = 1
    for (step, keeps) in ([0.1, 2.0 / 11, 0.25] as [Float]).enumerated() {
      let value = Float(3 + 2 * step)
      try LibTorch.withoutGradients {
        try weight.assign(Tensor([value, -value]))
        try statistic.assign(Tensor([value]))
      }
      try average.follow(after: step)
      expected = keeps * expected + (1 - keeps) * value
      let read: [[Float]] = try average.inPlace {
        [try weight.values(Float.self), try statistic.values(Float.self)]
      }
      expectClose(Array(read[0].prefix(1)), [expected])
      #expect(read[1] == [value])
      #expect(try weight.values(Float.self) == [value, -value])
    }
    try average.settle()
    expectClose(Array(try weight.values(Float.self).prefix(1)), [expected])
    #expect(try still.values(Float.self) == [1])
    #expect(try WeightAverage(of: store, options { _ in }) == nil)
  }
}
