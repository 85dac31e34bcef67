import Corpora
public import SleepCore

/// What a recipe takes of the shortcuts that published evaluations take, so that their worth can be measured: all are off by default, and every
/// report of a run with one says so.
///
/// Pretraining on the test people is a shortcut too; its switch is the recipe's own `transductive`.
public struct ShortcutsRecipe: Settings {
  /// What a fold's test part is.
  public enum Folds: String, Codable, CaseIterable, Sendable {
    /// People, each in one part.
    case person
    /// Recordings, so that a person with several nights is trained and tested on.
    case night
    /// Single windows, so that the neighbours of a tested window are trained on.
    case window
    /// People, but the fold leaves out the people before those whom it tests, as a loop with an index that is one too small does: from the second
    /// fold on the people who are tested are trained on.
    case wrongPerson = "wrong-person"

    /// What is divided in place of people; `nil` where people are.
    var unit: MixedFolds.Unit? {
      switch self {
      case .person, .wrongPerson: nil
      case .night: .night
      case .window: .window
      }
    }
  }

  /// A part of a system whose training a program leaves out.
  public enum Untrained: String, Codable, CaseIterable, Sendable {
    /// The turned views and the spectrum of `views`: their loss is computed, and only windows as they are teach the encoder.
    case views
    /// The chain of `head.crf`: the scores alone are trained, and the chain keeps its random values.
    case chain
  }

  /// Whether the epoch is chosen on the test fold, by `finetuning.select`.
  public var epochOnTest: Bool = false
  public var folds: Folds = .person
  /// Whether windows that nobody scored, movement among them, are windows of wake, in training and in the score.
  public var unscoredAsWake: Bool = false
  public var untrained: [Untrained] = []

  public static let ranges = NumberRanges(CodingKeys.self, [:])

  public var conflict: Misfit? {
    guard Set(untrained).count < untrained.count else { return nil }
    return Misfit(
      "untrained", is: "[\(untrained.map(\.rawValue).joined(separator: ", "))]", expected: "each part once")
  }

  public init() {}

  private enum CodingKeys: String, CodingKey {
    case epochOnTest, folds, unscoredAsWake, untrained
  }

  /// Refuses what reads as a second switch of the recipe's `transductive`.
  public init(from decoder: any Decoder) throws {
    if let switches = try? decoder.container(keyedBy: OtherKeys.self), switches.allKeys.contains(.pretrainOnTest) {
      throw Misfit(
        "pretrain_on_test", is: "here", expected: "'transductive: true' beside 'shortcuts': that is its switch")
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epochOnTest = try container.decodeIfPresent(Bool.self, forKey: .epochOnTest) ?? false
    folds = try container.decodeIfPresent(Folds.self, forKey: .folds) ?? .person
    unscoredAsWake = try container.decodeIfPresent(Bool.self, forKey: .unscoredAsWake) ?? false
    untrained = try container.decodeIfPresent([Untrained].self, forKey: .untrained) ?? []
  }

  private enum OtherKeys: String, CodingKey { case pretrainOnTest }
}

/// One shortcut that a recipe takes, in the words of reports.
public enum Shortcut: String, CaseIterable, Codable, Hashable, Sendable {
  case epochOnTest = "epoch_on_test"
  case foldsByNight = "folds: night"
  case foldsByWindow = "folds: window"
  case wrongPerson = "folds: wrong-person"
  case pretrainedOnTest = "transductive"
  case unscoredAsWake = "unscored_as_wake"
  case untrainedViews = "untrained: views"
  case untrainedChain = "untrained: chain"

  /// As part of a list.
  public var words: String {
    switch self {
    case .epochOnTest: "the epoch chosen on the test fold"
    case .foldsByNight: "folds by night instead of by person"
    case .foldsByWindow: "folds by window instead of by person"
    case .wrongPerson: "trained on the people tested, others left out"
    case .pretrainedOnTest: "pretrained on the test people"
    case .unscoredAsWake: "unscored windows as wake"
    case .untrainedViews: "turned views and spectrum left untrained"
    case .untrainedChain: "the chain left untrained"
    }
  }

  /// As what a sentence is about.
  public var doing: String {
    switch self {
    case .epochOnTest: "choosing the epoch on the test fold"
    case .foldsByNight: "dividing folds by night instead of by person"
    case .foldsByWindow: "dividing folds by window instead of by person"
    case .wrongPerson: "leaving out the wrong people"
    case .pretrainedOnTest: "pretraining on the test people"
    case .unscoredAsWake: "counting unscored windows as wake"
    case .untrainedViews: "leaving the turned views and the spectrum untrained"
    case .untrainedChain: "leaving the chain untrained"
    }
  }
}

extension Recipe {
  /// The shortcuts that a training by it takes, in the order in which they are listed; empty of an honest one.
  ///
  /// - Parameter isPretrained: Whether there is an encoder that was pretrained.
  public func shortcutsTaken(isPretrained: Bool = true) -> [Shortcut] {
    let taken = shortcuts ?? ShortcutsRecipe()
    return Shortcut.allCases.filter { shortcut in
      switch shortcut {
      case .epochOnTest: taken.epochOnTest
      case .foldsByNight: taken.folds == .night
      case .foldsByWindow: taken.folds == .window
      case .wrongPerson: taken.folds == .wrongPerson
      case .pretrainedOnTest: isPretrained && transductive
      case .unscoredAsWake: taken.unscoredAsWake
      case .untrainedViews: isPretrained && taken.untrained.contains(.views)
      case .untrainedChain: taken.untrained.contains(.chain)
      }
    }
  }

  /// What a training by it is, but for its shortcuts.
  var honest: Recipe {
    var recipe = self
    (recipe.shortcuts, recipe.transductive, recipe.comparison) = (nil, false, ComparisonRecipe())
    return recipe
  }

  /// Those that a pretraining takes.
  var pretrainingShortcuts: [Shortcut] {
    shortcutsTaken().filter { $0 == .pretrainedOnTest || $0 == .untrainedViews }
  }

  func leavesUntrained(_ part: ShortcutsRecipe.Untrained) -> Bool { shortcuts?.untrained.contains(part) ?? false }

  /// What its shortcuts let an auditor pass.
  var allowance: Allowance {
    guard let shortcuts else { return [] }
    var allowance: Allowance = shortcuts.epochOnTest ? [.selection] : []
    if shortcuts.folds.unit != nil { allowance.insert(.people) }
    if shortcuts.folds == .wrongPerson { allowance.insert(.labels) }
    return allowance
  }
}

extension [Shortcut] {
  /// In one line.
  var words: String { map(\.words).joined(separator: "; ") }

  /// For the end of a title; empty of none.
  var titleSuffix: String { isEmpty ? "" : " (shortcuts: \(words))" }
}

extension Arm {
  /// The shortcuts that it takes in a comparison by a recipe: those that mean something for what it is.
  func shortcutsTaken(in recipe: Recipe) throws -> [Shortcut] {
    try self.recipe(in: recipe).shortcutsTaken(isPretrained: isPretrained).filter { shortcut in
      switch shortcut {
      case .epochOnTest, .untrainedChain: transfer != nil
      default: true
      }
    }
  }
}
