import Downstream
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

/// Compares a model with its PyTorch reference: parameter count, logits, and the losses of twenty steps from the same start.
struct Reference {
  let fixture: Fixture
  let store: ParameterStore
  let model: any RecognitionModel

  /// - Parameter plain: What the model's names begin with and the reference's do not.
  init(_ name: String, _ store: ParameterStore, _ model: any RecognitionModel, without plain: String = "") throws {
    fixture = Fixture(name)
    self.store = store
    self.model = model
    try Formula.fill(store, without: plain)
  }

  /// - Parameter batches: Those of the fixture, in turn.
  func expectAgreement(_ batches: [DeviceBatch], _ optimization: OptimizationOptions) throws {
    #expect(try [store.parameterCount] == fixture.integers("parameters"))
    let logits = try fixture.floats("logits")
    let scores = try LibTorch.withoutGradients { try model.scores(batches[0], .inference) }
    expectClose(try scores.values(Float.self), logits.values, relative: 1e-4, absolute: 1e-4)
    let expected = try fixture.doubles("losses")
    let loop = try TrainingLoop(optimization, groups: [.init(store.parameters())], steps: expected.count)
    let mode = Mode.training(try Generator(seed: 1))
    let losses = try expected.indices.map { step in
      let batch = batches[step % batches.count]
      let scores = try model.scores(batch, mode).reshaped([-1, model.classes])
      return try loop.step(scores.crossEntropy(batch.labelTensor().reshaped([-1])))
    }
    expectClose(losses, expected, relative: 1e-3, absolute: 1e-3)
  }

  /// A batch by formula.
  static func batch(
    _ inputs: [Sensor: Tensor], labels name: String, classes: Int, shape: [Int], valid: [Bool]? = nil,
    hours: [Float]? = nil
  ) throws -> DeviceBatch {
    DeviceBatch(
      inputs: inputs, labels: Formula.classes(name, shape, classes), mask: valid, hours: hours, length: shape[1])
  }

  /// The rule of a publication, without warm-up or clipping.
  static func rule(
    _ rule: OptimizationOptions.Rule, _ learningRate: Double, weightDecay: Double = 0
  ) -> OptimizationOptions {
    var options = OptimizationOptions()
    options.rule = rule
    options.learningRate = learningRate
    options.weightDecay = weightDecay
    options.schedule = .constant
    options.clip = 0
    return options
  }
}
