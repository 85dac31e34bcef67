import Corpora
import Downstream
import Foundation
import Metrics
import SleepCore
import Tensors
import Training

/// Trains arms on the folds of a split and predicts each fold's test people: the comparison's split, or one inside a training part.
struct FoldTraining: Sendable {
  let comparison: Comparison
  let split: Split
  let folder: RunFolder
  /// The folder below the run where encoders are kept that are pretrained for a fold.
  let place: String
  /// The fold whose training part the split divides; `nil` of the comparison's own split.
  let outer: (split: Split, fold: Int)?

  init(
    _ comparison: Comparison, split: Split, folder: RunFolder, place: String,
    inside outer: (split: Split, fold: Int)? = nil
  ) {
    (self.comparison, self.split, self.folder, self.place) = (comparison, split, folder, place)
    self.outer = outer
  }

  var recipe: Recipe { comparison.recipe }
  var corpus: Corpus { comparison.corpus }

  /// What came of one training: predictions of the fold's test people, of windows that the sensors of all arms measured.
  struct Tested {
    let predictions: [Prediction]
    let source: WindowSource
    let scheme: LabelScheme
    let labelledWindows: Int

    /// Of each person.
    func matrices() throws -> [Subject: ConfusionMatrix] {
      try predictions.reduce(into: [:]) { found, prediction in
        let matrix = try ConfusionMatrix(
          classCount: scheme.classes.count, truth: prediction.truth, predicted: prediction.classes)
        found[prediction.subject] = found[prediction.subject].map { $0 + matrix } ?? matrix
      }
    }
  }

  /// Trains an arm by a recipe on the labels of a cell's budget, and predicts the test people of its fold.
  func test(_ cell: Cell, of arm: Arm, by own: Recipe) throws -> Tested {
    let sources = try FoldSources(
      corpus, own, split, fold: cell.fold, labelled: labelled(cell), common: comparison.common)
    let predictions = try zip(predictions(cell, of: arm, own, sources), sources.test.recordings).map {
      prediction, recording in
      Prediction(
        recording: prediction.recording, subject: prediction.subject,
        truth: try comparison.measured(prediction.truth, recording: recording), classes: prediction.classes,
        probabilities: prediction.probabilities)
    }
    return Tested(
      predictions: predictions, source: sources.test, scheme: try recipe.scheme(),
      labelledWindows: sources.training.classCounts().reduce(0, +))
  }

  /// The windows whose labels a cell's training may see: the same for all arms.
  private func labelled(_ cell: Cell) throws -> LabelledWindows {
    guard let budget = LabelBudget(named: cell.budget) else {
      throw RecipeError(path: recipe.name, problem: "the budget '\(cell.budget)'", wanted: LabelBudget.names)
    }
    return try comparison.measured(
      budget.labelledWindows(
        of: corpus, subjects: split.folds[cell.fold].train, fold: cell.fold, seed: recipe.seed &+ UInt64(cell.seed)))
  }

  private func predictions(
    _ cell: Cell, of arm: Arm, _ own: Recipe, _ sources: FoldSources
  ) throws -> [Prediction] {
    let (scheme, seed) = (try recipe.scheme(), numericSeed(cell))
    switch arm.kind {
    case .baseline(let kind):
      return try kind.make(sources.training, classes: scheme.classes.count, seed: seed).predictions(sources.test)
    case .network(let transfer):
      let device = try Device(named: recipe.device)
      let weights = transfer.isPretrained ? try weights(cell, of: arm, own, device) : nil
      let trained = try SelfTraining(own, corpus, transfer: transfer, initial: weights, seed: seed, device: device)(
        sources)
      return try Predictor(own.finetuning, scheme: scheme, device: device)(trained.model, trained.store, sources.test)
    }
  }

  /// The seed of a fold's trainings: the same for all arms.
  func numericSeed(_ cell: Cell) -> UInt64 { recipe.seed &+ UInt64(cell.seed) &* 1000 &+ UInt64(cell.fold) }
}

extension Arm.Baseline {
  fileprivate func make(_ training: WindowSource, classes: Int, seed: UInt64) throws -> any BaselineModel {
    switch self {
    case .majority: MajorityBaseline(training)
    case .previous: PreviousLabelBaseline(training, classes: classes)
    case .clock: try LogisticBaseline(.clock, training: training, classes: classes, seed: seed)
    case .logistic: try LogisticBaseline(.plain, training: training, classes: classes, seed: seed)
    }
  }
}
