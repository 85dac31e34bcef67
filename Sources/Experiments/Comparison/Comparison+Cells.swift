import Corpora
import Downstream
import Foundation
import Metrics
import SleepCore
import Tensors
import Training

extension Comparison {
  /// One fold and seed: every budget and arm.
  func runGroup(
    _ split: Split, fold: Int, seed: Int, _ folder: RunFolder, _ advance: (String) -> Void
  ) throws {
    for budget in recipe.comparison.budgets {
      for arm in recipe.comparison.arms {
        try Interruption.check()
        let cell = Cell(arm: arm.name, budget: budget, fold: fold, seed: seed)
        if FileManager.default.fileExists(atPath: folder.file(cell.file).path) {
          advance("")
          continue
        }
        try run(cell, of: arm, split, folder)
        advance("\(arm.name), \(budget), fold \(fold)")
      }
    }
  }

  func cells(fold: Int, seed: Int) -> [Cell] {
    recipe.comparison.budgets.flatMap { budget in
      recipe.comparison.arms.map { Cell(arm: $0.name, budget: budget, fold: fold, seed: seed) }
    }
  }

  /// Trains, predicts the fold's test people, and writes the cell.
  private func run(_ cell: Cell, of arm: Arm, _ split: Split, _ folder: RunFolder) throws {
    let started = ContinuousClock.now
    let (own, scheme) = (try training(of: arm), try recipe.scheme())
    let sources = try FoldSources(
      corpus, own, split, fold: cell.fold, labelled: labelled(cell, split), common: common)
    let predictions = try predictions(cell, of: arm, own, sources, split, folder)
    let scored = try zip(predictions, sources.test.recordings).map { prediction, recording in
      Prediction(
        recording: prediction.recording, subject: prediction.subject,
        truth: try measured(prediction.truth, recording: recording), classes: prediction.classes,
        probabilities: prediction.probabilities)
    }
    // Before the cell's own file, which says that the cell is whole.
    try PredictionFile.write(scored, of: sources.test, scheme: scheme, to: folder.file(cell.predictions))
    var subjects: [Subject: ConfusionMatrix] = [:]
    for prediction in scored {
      let matrix = try ConfusionMatrix(
        classCount: scheme.classes.count, truth: prediction.truth, predicted: prediction.classes)
      subjects[prediction.subject] = subjects[prediction.subject].map { $0 + matrix } ?? matrix
    }
    let result = CellResult(
      cell, labelledWindows: sources.training.classCounts().reduce(0, +),
      seconds: (ContinuousClock.now - started).seconds, subjects: subjects)
    try JSONEncoder().encode(result).write(to: folder.file(cell.file), options: .atomic)
  }

  /// The windows whose labels the cell's training may see: the same for all arms.
  private func labelled(_ cell: Cell, _ split: Split) throws -> LabelledWindows {
    guard let budget = LabelBudget(named: cell.budget) else {
      throw RecipeError(path: recipe.name, problem: "the budget '\(cell.budget)'", wanted: LabelBudget.names)
    }
    return try measured(
      budget.labelledWindows(
        of: corpus, subjects: split.folds[cell.fold].train, fold: cell.fold, seed: recipe.seed &+ UInt64(cell.seed)))
  }

  private func predictions(
    _ cell: Cell, of arm: Arm, _ own: Recipe, _ sources: FoldSources, _ split: Split, _ folder: RunFolder
  ) throws -> [Prediction] {
    let (scheme, seed) = (try recipe.scheme(), numericSeed(cell))
    switch arm.kind {
    case .baseline(let kind):
      return try kind.make(sources.training, classes: scheme.classes.count, seed: seed).predictions(sources.test)
    case .network(let transfer):
      let device = try Device(named: recipe.device)
      let weights = transfer.isPretrained ? try weights(cell, of: arm, own, split, folder, device) : nil
      let trained = try TrainingStart(
        own, corpus, transfer: transfer, initial: weights, seed: seed, device: device,
        vectors: VectorFolder(folder.file("vectors"))
      ).train(sources)
      return try Predictor(own.finetuning, scheme: scheme, device: device)(trained.model, sources.test)
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
