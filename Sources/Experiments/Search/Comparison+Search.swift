import Corpora
import Files
import Foundation
import Metrics
import SleepCore
import Tensors
import Training

/// What a comparison has chosen for each arm, budget and fold.
struct Choices: Sendable {
  private struct Key: Hashable { let arm, budget: String; let fold: Int }
  private var recipes: [Key: Recipe] = [:]
  var results: [SearchResult] = []

  func recipe(arm: String, budget: String, fold: Int) -> Recipe? {
    recipes[Key(arm: arm, budget: budget, fold: fold)]
  }

  /// What the recipes that an arm was trained by say, each with the share of the searches that chose it.
  ///
  /// - Parameter written: The arm's recipe where nothing of it was searched.
  func shares(of arm: Arm, written: Recipe, _ say: (Recipe) -> [String]) -> [(said: String, share: String)] {
    let chosen = results.filter { $0.arm == arm.name }.compactMap {
      recipe(arm: $0.arm, budget: $0.budget, fold: $0.fold)
    }
    let said = (chosen.isEmpty ? [written] : chosen).map(say)
    let all = said.joined().reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return all.map { one in
      let count = said.count { $0.contains(one) }
      return (one, count == said.count ? "" : " (chosen in \(count) of \(said.count) searches)")
    }
  }

  mutating func choose(_ result: SearchResult, _ recipe: Recipe) {
    recipes[Key(arm: result.arm, budget: result.budget, fold: result.fold)] = recipe
    results.append(result)
  }
}

extension Comparison {
  /// The trials of an arm; the recipe as it is alone where nothing is searched.
  func trials(of arm: Arm) -> [Trial] { trialsByArm[arm.name] ?? [.asWritten] }

  /// The trials of each arm of which more than one thing is tried: no two of them are the same recipe.
  static func trials(_ recipe: Recipe, _ recipes: [String: Recipe], quick: Bool) throws -> [String: [Trial]] {
    let search = recipe.comparison.search
    guard search.isOn else { return [:] }
    let count = quick ? 2 : search.trials
    var result: [String: [Trial]] = [:]
    for arm in recipe.comparison.arms {
      guard let own = recipes[arm.name] else { continue }
      var known: Set<String> = []
      let drawn = Trial.draw(4 * count, of: arm.searched(search.values), seed: recipe.seed)
      result[arm.name] = Array(
        try drawn.filter { known.insert(try $0.recipe(in: own).text()).inserted }.prefix(count))
    }
    return result
  }

  /// Arms of which more than one thing is tried.
  private var searchedArms: [Arm] { recipe.comparison.arms.filter { trials(of: $0).count > 1 } }

  /// Makes every network that the search will train, so that what does not go together is refused before anything is trained.
  func checkTrials() throws {
    for arm in searchedArms {
      for trial in trials(of: arm) {
        _ = try Model(trial.recipe(in: training(of: arm)), for: corpus, seed: 1, device: .cpu)
      }
    }
  }

  /// Tries everything that is not tried yet, each fold on people inside its training part, and chooses.
  ///
  /// - Parameter folds: How many of the split's folds are searched for.
  /// - Throws: ``Interrupted`` with every whole trial kept, ``Leak``, and what trainings throw.
  func search(_ split: Split, folds: Int, in folder: RunFolder) throws -> Choices {
    do { return try searched(split, folds: folds, in: folder) } catch is Interrupted {
      throw Interrupted("in its search; run the same command again to go on")
    }
  }

  private func searched(_ split: Split, folds: Int, in folder: RunFolder) throws -> Choices {
    let (search, arms) = (recipe.comparison.search, searchedArms)
    guard search.isOn, !arms.isEmpty else { return Choices() }
    let parts = try (0..<folds).map {
      try InnerFolds(self, split: split, fold: $0, folder: folder)
    }
    var pieces: [SharedPiece] = []
    for (fold, part) in parts.enumerated() {
      for inner in 0..<search.folds {
        for seed in 0..<search.seeds {
          for budget in recipe.comparison.budgets {
            for arm in arms {
              pieces += try trials(of: arm).map {
                try part.piece($0, of: arm, budget: budget, inner: inner, seed: seed, name: "fold \(fold)")
              }
            }
          }
        }
      }
    }
    try SharedWork.run(pieces, "search trial", jobs: max(1, options.jobs), silent: options.silent)
    var choices = Choices()
    for part in parts {
      for budget in recipe.comparison.budgets {
        for arm in arms {
          let result = try part.result(trials(of: arm), of: arm, budget: budget)
          choices.choose(result, try trials(of: arm)[result.chosen].recipe(in: training(of: arm)))
        }
      }
    }
    return choices
  }
}

/// The people of one fold's training part, divided to choose on.
struct InnerFolds: Sendable {
  private let comparison: Comparison
  private let fold: Int
  private let training: FoldTraining

  /// - Throws: ``CorpusError`` where the training part has too few people, or ``Leak`` where its folds share one.
  init(_ comparison: Comparison, split: Split, fold: Int, folder: RunFolder) throws {
    let recipe = comparison.recipe
    let inner = try split.inside(
      fold, groups: comparison.corpus.index.groups, folds: recipe.comparison.search.folds,
      validationShare: recipe.split.validation)
    try SplitAuditor(inner, of: comparison.corpus.index).auditFolds()
    let place = "search/fold\(fold)"
    _ = try folder.file(place).makeFolder()
    self.comparison = comparison
    self.fold = fold
    training = FoldTraining(comparison, split: inner, folder: folder, place: place, inside: (split, fold))
  }

  private func file(_ trial: Trial, of arm: Arm, budget: String, inner: Int, seed: Int) throws -> URL {
    let name = Comparison.hash(try trial.recipe(in: comparison.training(of: arm)).text())
    let (arm, budget) = (Cell.plain(arm.name), Cell.plain(budget))
    return training.folder.file("\(training.place)/\(arm)-\(budget)-inner\(inner)-seed\(seed)-\(name).json")
  }

  /// One trial: its training and its measure.
  func piece(
    _ trial: Trial, of arm: Arm, budget: String, inner: Int, seed: Int, name: String
  ) throws -> SharedPiece {
    let url = try file(trial, of: arm, budget: budget, inner: inner, seed: seed)
    // One that is damaged is told now, not when all are there.
    if FileManager.default.fileExists(atPath: url.path) { _ = try Self.read(url) }
    return SharedPiece(file: url, name: "\(arm.name), \(budget), \(name)") { [self] _ in
      try run(trial, of: arm, budget: budget, inner: inner, seed: seed, to: url)
    }
  }

  /// Trains and measures one trial.
  private func run(_ trial: Trial, of arm: Arm, budget: String, inner: Int, seed: Int, to url: URL) throws {
    let own = try trial.recipe(in: comparison.training(of: arm))
    // Other draws than those of the comparison's own seeds.
    let cell = Cell(arm: arm.name, budget: budget, fold: inner, seed: Self.firstSeed + seed)
    let result: TrialResult
    var states: CheckpointFolder?
    do {
      let tested = try training.test(cell, of: arm, by: own, withSubsets: false)
      states = tested.states
      let measure = comparison.recipe.comparison.measure
      let scores = try comparison.matrices(tested.predictions, tested.scheme).compactMapValues { measure($0) }
      result = TrialResult(scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.key.id, $0.value) }), failure: nil)
    } catch let error as TrainingError where error.isDivergence {
      result = TrialResult(scores: [:], failure: error.localizedDescription)
      states = try training.states(cell, arm, own)
    }
    try JSONEncoder().encode(result).writeWhole(to: url)
    states?.remove()
  }

  private static let firstSeed = 1000

  private static func read(_ url: URL) throws -> TrialResult {
    try JSONFile(url).read(
      TrialResult.self,
      expected:
        "a trial that 'ssrm search' or 'compare' wrote: delete it and run the same command again, which makes it anew")
  }

  /// What the trials of an arm and budget came to.
  func result(_ trials: [Trial], of arm: Arm, budget: String) throws -> SearchResult {
    let search = comparison.recipe.comparison.search
    let (own, paths) = (try comparison.training(of: arm), trials.first { !$0.paths.isEmpty }?.paths ?? [])
    let tries = try trials.map { trial in
      var (values, failed): ([Double], Bool) = ([], false)
      for inner in 0..<search.folds {
        for seed in 0..<search.seeds {
          let url = try file(trial, of: arm, budget: budget, inner: inner, seed: seed)
          let result = try Self.read(url)
          values += result.values
          failed = failed || result.failure != nil
        }
      }
      return SearchResult.Try(
        values: try trial.recipe(in: own).words(of: paths), score: failed ? nil : mean(values))
    }
    return SearchResult(arm: arm.name, budget: budget, fold: fold, tries: tries)
  }
}
