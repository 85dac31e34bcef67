import Corpora
import SleepCore

/// Whom, and which of their windows, each part of a fold reads: people, each in one part, or what the recipe's shortcuts divide in their place.
struct FoldParts {
  /// The folds as they are read: with shortcuts, people may stand in several parts.
  let split: Split
  let fold: Int
  /// The windows of each part; all of its people's where `nil`.
  let windows: [Part: LabelledWindows]?

  /// - Parameter common: Only recordings that all of these recipes label are read; those of `recipe` where there are none.
  /// - Throws: ``CorpusError/badMixedFolds(path:found:expected:)``.
  init(_ corpus: Corpus, _ recipe: Recipe, _ split: Split, fold: Int, common: [Recipe] = []) throws {
    let folds = recipe.shortcuts?.folds ?? .person
    self.fold = fold
    guard let unit = folds.unit else {
      self.split = folds == .wrongPerson ? split.leavingOutTheWrongPeople : split
      windows = nil
      return
    }
    let recipes = common.isEmpty ? [recipe] : common
    let people = Part.allCases.flatMap { split.folds[fold].subjects($0) }
    let mixed = try MixedFolds(
      corpus, subjects: people, unit: unit, count: split.folds.count, seed: split.seed,
      where: { recording in recipes.allSatisfy { $0.labels(recording) } })
    let share = recipe.split.validation
    windows = mixed.parts(of: fold, validationShare: share)
    let everywhere = Fold(train: mixed.subjects, validation: share > 0 ? mixed.subjects : [], test: mixed.subjects)
    self.split = Split(
      scheme: "\(split.folds.count)-fold by \(unit.rawValue) instead of by person", seed: split.seed,
      folds: [Fold](repeating: everywhere, count: split.folds.count))
  }

  var people: Fold { split.folds[fold] }
}

extension Split {
  /// The same test people, but each fold after the first leaves out those whom the fold before tests, and trains on its own.
  fileprivate var leavingOutTheWrongPeople: Split {
    var split = self
    split.scheme += ", from the second fold on trained on those who are tested, and without those of the fold before"
    for number in folds.indices.dropFirst() {
      let (own, before) = (folds[number], Set(folds[number - 1].test))
      split.folds[number].train = (own.train + own.test).filter { !before.contains($0) }.sorted()
    }
    return split
  }
}
