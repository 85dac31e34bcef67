import Corpora
import Downstream
import Foundation
import SleepCore

/// What is told of arms that take the shortcuts of published evaluations.
extension Comparison {
  /// The arms that take shortcuts, with what they are trained by.
  private var shortcutArms: [(arm: Arm, recipe: Recipe, taken: [Shortcut])] {
    get throws {
      try recipe.comparison.arms.map { ($0, try training(of: $0), try $0.shortcutsTaken(in: recipe)) }
        .filter { !$2.isEmpty }
    }
  }

  /// - Throws: ``RecipeError`` where an arm divides something else than people and the comparison searches.
  func checkFolds() throws {
    guard recipe.comparison.search.isOn else { return }
    for (arm, own, _) in try shortcutArms {
      guard let folds = own.shortcuts?.folds, folds != .person else { continue }
      throw RecipeError(
        path: recipe.name, problem: "the arm '\(arm.name)' with 'shortcuts.folds' of \(folds.rawValue) in a search",
        wanted: "person, or no 'comparison.search': a search divides the people of a training part")
    }
  }

  /// A line an arm: its shortcuts, and what the auditor let through for them.
  func shortcutNotes(_ split: Split) throws -> [String] {
    try shortcutArms.map { arm, own, taken in
      let folds = try split.folds.indices.map {
        try FoldSources(corpus, own, split, fold: $0, common: common).letThrough
      }
      let told = folds.filter { !$0.isEmpty }
      let others = told.count - 1
      let through =
        told.first.map { first in
          "; the auditor let through: \(first.joined(separator: ", "))"
            + (others < 1 ? "" : ", and the like in \(others) more \(others == 1 ? "fold" : "folds")")
        } ?? ""
      var more: [String] = []
      if let unit = own.shortcuts?.folds.unit, arm.transfer != nil {
        if own.finetuning.select != .last, own.shortcuts?.epochOnTest != true {
          more.append("its epoch was chosen on other \(unit.rawValue)s of the same people")
        }
        if arm.weights == .pretrained { more.append("its encoder is that of the fold of people") }
      }
      if try arm.honestRival(in: recipe) == nil { more.append("no honest arm has its network") }
      return (["\(arm.name) takes shortcuts, which no honest protocol takes: \(taken.words)\(through)"] + more)
        .joined(separator: "; ")
    }
  }
}
