import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training

/// Published systems as published, against the same layers in PyTorch.
enum ModelBenchmarks {
  static let all = [sleepVSTStep, sleepVSTNight, ulwSleepNetStep, spectrogramStep]

  private static let sleepVSTStep = Benchmark(
    name: "sleepvst-step", title: "SleepVST, training step of 4 x 240 windows, AdamW", peer: "PyTorch",
    target: .times(2.5), rounds: 4, passes: 3
  ) { _ in
    try trainingStep(of: "sleepvst", sequences: 4, rule: .adamW(weightDecay: 1e-3), learningRate: 5e-4)
  }

  private static let ulwSleepNetStep = Benchmark(
    name: "ulw-sleepnet-step", title: "ULW-SleepNet, training step of 32 windows, Adam with AMSGrad", peer: "PyTorch",
    target: .times(4), rounds: 4, passes: 3
  ) { _ in
    try trainingStep(of: "ulw-sleepnet", sequences: 32, rule: .adam(amsgrad: true), learningRate: 1e-3)
  }

  private static let spectrogramStep = Benchmark(
    name: "spectrogram-cnn-step", title: "spectrogram CNN, training step of 16 windows of 51 x 59, Adam",
    peer: "PyTorch",
    target: .times(1.3), rounds: 4, passes: 3
  ) { _ in
    try trainingStep(of: "spectrogram-cnn", sequences: 16, rule: .adam(), learningRate: 1e-3)
  }

  private static let sleepVSTNight = Benchmark(
    name: "sleepvst-night", title: "SleepVST, scores of a night of 960 windows by sequences of 240, every 60",
    peer: "PyTorch", target: .times(10), rounds: 4, passes: 1
  ) { _ in
    let published = try RecognitionModels.named("sleepvst")
    let store = try ParameterStore(seed: 1)
    let model = try published.make(store.root, published.inputs, published.classes, ModelOptions())
    let stretch = try batch(for: published, sequences: 1, windows: 960)
    let sequences = Sequences(starts: Array(stride(from: 0, through: 720, by: 60)), length: published.sequence)
    return {
      let scores = try LibTorch.withoutGradients { try model.scores(sequences, of: stretch) }
      return Double(scores.count)
    }
  }

  private static func trainingStep(
    of name: String, sequences: Int, rule: Optimizer.Rule, learningRate: Double
  ) throws -> Benchmark.Work {
    let published = try RecognitionModels.named(name)
    let store = try ParameterStore(seed: 1)
    let model = try published.make(store.root, published.inputs, published.classes, ModelOptions())
    let optimizer = Optimizer(rule, [.init(store.parameters())])
    let batch = try batch(for: published, sequences: sequences)
    let random = try Generator(seed: 3)
    return {
      try store.clearGradients()
      let scores = try model.scores(batch, .training(random))
      try scores.reshaped([-1, published.classes]).crossEntropy(batch.labelTensor().reshaped([-1]), ignoring: -1)
        .backward()
      try optimizer.step(learningRate: learningRate)
      return Double(store.parameterCount)
    }
  }

  private static func batch(for model: PublishedModel, sequences: Int, windows: Int? = nil) throws -> DeviceBatch {
    let random = try Generator(seed: 2)
    let length = windows ?? model.sequence
    let shape = [sequences, length]
    let inputs = try model.inputs.map { ($0.sensor, try Tensor.normal(shape + $0.shape, generator: random)) }
    let labels = (0..<sequences * length).map { Int8($0 % model.classes) }
    return DeviceBatch(
      inputs: Dictionary(uniqueKeysWithValues: inputs), labels: labels, length: length)
  }
}
