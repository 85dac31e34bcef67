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

  /// What came of one training: predictions of the fold's test people, of windows that the sensors which every arm needs measured.
  struct Tested {
    let predictions: [Prediction]
    let source: WindowSource
    let scheme: LabelScheme
    let labelledWindows: Int
    /// The training's states, of no use once this is written.
    let states: CheckpointFolder?
    /// Each person's matrix with each subset of the sensors, where the arm takes windows without some.
    let subsets: [String: [Subject: ConfusionMatrix]]?
  }

  /// Trains an arm by a recipe on the labels of a cell's budget, and predicts the test people of its fold.
  ///
  /// - Parameter withSubsets: Whether they are also predicted with some of the sensors alone.
  func test(_ cell: Cell, of arm: Arm, by own: Recipe, withSubsets: Bool) throws -> Tested {
    let sources = try FoldSources(
      corpus, own, split, fold: cell.fold, labelled: labelled(cell, own), common: comparison.common)
    let (scheme, seed) = (try own.scheme(), numericSeed(cell))
    let predictions: [Prediction]
    var subsets: [String: [Subject: ConfusionMatrix]]?
    var states: CheckpointFolder?
    switch arm.kind {
    case .baseline(let kind):
      predictions = try kind.make(sources.training, classes: scheme.classes.count, seed: seed)
        .predictions(sources.test)
    case .network(let transfer):
      let device = try Device.ofRun(recipe.device)
      states = try self.states(cell, arm, own)
      let weights = transfer.isPretrained ? try weights(cell, of: arm, own, device) : nil
      let trained = try SelfTraining(
        own, corpus, transfer: transfer, initial: weights, seed: seed, device: device,
        vectors: VectorFolder(folder.file("vectors")))(sources, states: states)
      predictions = try Predictor(own.finetuning, scheme: scheme, device: device)(
        trained.model, trained.store, sources.test)
      if withSubsets { subsets = try comparison.subsets(trained, sources.test, device) }
    }
    return Tested(
      predictions: try comparison.scored(predictions, of: sources.test), source: sources.test, scheme: scheme,
      labelledWindows: sources.training.classCounts().reduce(0, +), states: states, subsets: subsets)
  }

  /// The windows whose labels a cell's training may see: the same for all arms that take no shortcut.
  private func labelled(_ cell: Cell, _ own: Recipe) throws -> LabelledWindows {
    guard let budget = LabelBudget(named: cell.budget) else {
      throw RecipeError(path: recipe.name, problem: "the budget '\(cell.budget)'", wanted: LabelBudget.names)
    }
    let parts = try FoldParts(corpus, own, split, fold: cell.fold, common: comparison.common)
    return try comparison.measured(
      budget.labelledWindows(
        of: corpus, subjects: parts.people.train, fold: cell.fold, seed: recipe.seed &+ UInt64(cell.seed),
        among: parts.windows?[.train], withUnscored: own.shortcuts?.unscoredAsWake ?? false))
  }

  /// Where the states of a cell's training are kept until its result is there.
  func states(_ cell: Cell, _ arm: Arm, _ own: Recipe) throws -> CheckpointFolder {
    let text = try own.text()
    let name =
      "\(place)/training-\(Comparison.hash("\(cell.arm)\n\(cell.budget)\n\(cell.fold)\n\(cell.seed)\n\(text)"))"
    return CheckpointFolder(folder.file(name), of: ["recipe": Comparison.hash(text)], keepsEnds: false)
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
