import Corpora
import Layers
import SleepCore
import Tensors
import Training

/// Trains a recogniser's head on its own confident labels of one person's windows, for as long as that person is predicted.
///
/// Encoder and context stay as they are. What comes of it is thrown away where the gate stays shut: where too many of the labels that it began
/// with do not stay, or where it is less sure than before.
struct TestTimeTraining {
  private let recipe: FineTuningRecipe
  private let store: ParameterStore
  private let device: Device

  init(_ recipe: FineTuningRecipe, _ store: ParameterStore, device: Device) {
    (self.recipe, self.store, self.device) = (recipe, store, device)
  }

  /// - Parameters:
  ///   - source: The person's recordings; their labels are not read.
  ///   - before: What the recogniser says of them, one a recording in the source's order.
  ///   - again: Predicts them with the weights as they are then.
  /// - Returns: What is said after the training, or `before` where the gate stays shut. The weights are those of before in any case.
  func callAsFunction(
    _ model: any RecognitionModel, _ source: WindowSource, _ centres: PersonCentres?, before: [Prediction],
    again: () throws -> [Prediction]
  ) throws -> [Prediction] {
    let options = recipe.adaptation.testTime
    let labels = before.map { $0.confident(options.confidence) }
    let own = source.hidingLabels().giving(Dictionary(uniqueKeysWithValues: zip(source.recordings, labels)))
    guard own.classCounts().contains(where: { $0 > 0 }) else { return before }
    let kept = try store.snapshot()
    let trained = Result {
      try train(model, own, centres)
      return try again()
    }
    try store.restore(kept)
    let after = try trained.get()
    return isOpen(before, labels, after) ? after : before
  }

  private func train(_ model: any RecognitionModel, _ own: WindowSource, _ centres: PersonCentres?) throws {
    let options = recipe.adaptation.testTime
    var optimization = OptimizationOptions()
    (optimization.learningRate, optimization.weightDecay, optimization.schedule) = (options.rate, 0, .constant)
    let head = store.entries.filter {
      $0.kind == .parameter && !FineTuning.isPretrained($0.name) && !model.frozen.contains(where: $0.name.hasPrefix)
    }.map(\.tensor)
    let loop = try TrainingLoop(optimization, groups: [Optimizer.Group(head)], steps: options.steps)
    let batches = try TrainingBatches(recipe, own, seed: 0x7e57)
    var epoch = 0
    while loop.step < options.steps {
      let reader = batches.epoch(epoch)
      while loop.step < options.steps, let batch = try reader.next() {
        try Interruption.check()
        let inputs = try DeviceBatch(batch, on: device)
        // Batch norms and dropout as in prediction: a person's few windows settle nothing.
        let scores = try model.scores(inputs, batch.windows, centres, .inference)
        try loop.step(model.loss(of: scores, inputs, classWeights: nil, labelSmoothing: 0))
      }
      epoch += 1
    }
  }

  private func isOpen(_ before: [Prediction], _ labels: [[Int8]], _ after: [Prediction]) -> Bool {
    var (stays, all) = (0, 0)
    for (labels, prediction) in zip(labels, after) {
      for (label, now) in zip(labels, prediction.classes) where label >= 0 {
        all += 1
        if label == now { stays += 1 }
      }
    }
    return Double(stays) >= recipe.adaptation.testTime.gate * Double(all) && after.sureness >= before.sureness
  }
}

extension Prediction {
  /// The class of each window that is at least so probable; -1 elsewhere.
  fileprivate func confident(_ least: Double) -> [Int8] {
    classes.indices.map { window in
      classes[window] >= 0 && Double(greatest(window)) >= least ? classes[window] : -1
    }
  }

  /// The probability of a window's most probable class.
  fileprivate func greatest(_ window: Int) -> Float {
    let count = probabilities.count / max(1, classes.count)
    return probabilities[(window * count)..<((window + 1) * count)].max() ?? 0
  }
}

extension [Prediction] {
  /// The mean probability of the most probable class, over all windows that were measured.
  fileprivate var sureness: Double {
    let values = flatMap { prediction in
      prediction.classes.indices.filter { prediction.classes[$0] >= 0 }.map { Double(prediction.greatest($0)) }
    }
    return values.reduce(0, +) / Double(Swift.max(1, values.count))
  }
}
