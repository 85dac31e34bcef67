import Corpora
import Downstream
import Files
import Foundation
import Metrics
import SleepCore
import Training

extension Comparison {
  /// What there is to do: every cell of some folds and seeds.
  func pieces(_ training: FoldTraining, folds: Int, _ choices: Choices) -> [SharedPiece] {
    (0..<folds).flatMap { fold in (0..<max(1, recipe.comparison.seeds)).flatMap { cells(fold: fold, seed: $0) } }.map {
      cell in
      SharedPiece(
        file: training.folder.file(cell.file), name: "\(cell.arm), \(cell.budget), fold \(cell.fold)"
      ) { [self] _ in
        guard let arm = recipe.comparison.arms.first(where: { $0.name == cell.arm }) else { return }
        let chosen = choices.recipe(arm: arm.name, budget: cell.budget, fold: cell.fold)
        try run(cell, of: arm, by: chosen ?? self.training(of: arm), training)
      }
    }
  }

  func cells(fold: Int, seed: Int) -> [Cell] {
    recipe.comparison.budgets.flatMap { budget in
      recipe.comparison.arms.map { Cell(arm: $0.name, budget: budget, fold: fold, seed: seed) }
    }
  }

  /// Trains, predicts the fold's test people, and writes the cell.
  private func run(_ cell: Cell, of arm: Arm, by own: Recipe, _ training: FoldTraining) throws {
    let started = ContinuousClock.now
    let tested = try training.test(cell, of: arm, by: own, withSubsets: true)
    // Before the cell's own file, which says that the cell is whole.
    try PredictionFile.write(
      tested.predictions, of: tested.source, scheme: tested.scheme, to: training.folder.file(cell.predictions))
    let result = CellResult(
      cell, labelledWindows: tested.labelledWindows, seconds: (ContinuousClock.now - started).seconds,
      subjects: try matrices(tested.predictions, tested.scheme), subsets: tested.subsets)
    let encoder = JSONEncoder()
    // The same result is the same bytes.
    encoder.outputFormatting = .sortedKeys
    try encoder.encode(result).writeWhole(to: training.folder.file(cell.file))
    tested.states?.remove()
  }

  /// Predictions with the classes of those windows that the sensors which every arm needs measured.
  func scored(_ predictions: [Prediction], of source: WindowSource) throws -> [Prediction] {
    try zip(predictions, source.recordings).map { prediction, recording in
      Prediction(
        recording: prediction.recording, subject: prediction.subject,
        truth: try measured(prediction.truth, recording: recording), classes: prediction.classes,
        probabilities: prediction.probabilities)
    }
  }

  /// Each person's confusion matrix.
  func matrices(_ scored: [Prediction], _ scheme: LabelScheme) throws -> [Subject: ConfusionMatrix] {
    try scored.reduce(into: [:]) { subjects, prediction in
      let matrix = try ConfusionMatrix(
        classCount: scheme.classes.count, truth: prediction.truth, predicted: prediction.classes)
      subjects[prediction.subject] = subjects[prediction.subject].map { $0 + matrix } ?? matrix
    }
  }
}
