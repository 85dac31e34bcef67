import Downstream
import SleepCore
import Upstream

/// What a recipe must have for a shortcut of it to mean anything.
extension Recipe {
  var shortcutConflict: Misfit? {
    guard let shortcuts else { return nil }
    if shortcuts.epochOnTest, finetuning.select == .last {
      return Misfit(
        "shortcuts.epoch_on_test", with: ["finetuning.select"], is: "true with 'finetuning.select' of last",
        expected: "false, or a measure that chooses the epoch: kappa, accuracy, macro-f1 or loss")
    }
    if shortcuts.unscoredAsWake, LabelScheme.named(labels)?.kind != .stages {
      return Misfit(
        "shortcuts.unscored_as_wake", with: ["labels"],
        is: "true with \(labels.isEmpty ? "no 'labels'" : "'labels: \(labels)'")",
        expected: "false: only stages have wake among them")
    }
    return foldConflict(shortcuts) ?? untrainedConflict(shortcuts)
  }

  /// Other folds are as many as the split's, which must test everyone once.
  private func foldConflict(_ shortcuts: ShortcutsRecipe) -> Misfit? {
    guard shortcuts.folds != .person else { return nil }
    if split.kind != .kFold, split.kind != .leaveOneSubjectOut {
      return Misfit(
        "shortcuts.folds", with: ["split.kind"],
        is: "\(shortcuts.folds.rawValue) with 'split.kind' of \(split.kind.rawValue)",
        expected: "person, or a 'split.kind' that tests everyone once: k-fold or leave-one-subject-out")
    }
    if comparison.search.isOn {
      return Misfit(
        "shortcuts.folds", with: ["comparison.search.trials"],
        is: "\(shortcuts.folds.rawValue) with 'comparison.search'",
        expected: "person: a search divides the people of a training part")
    }
    return nil
  }

  private func untrainedConflict(_ shortcuts: ShortcutsRecipe) -> Misfit? {
    if shortcuts.untrained.contains(.chain), model != Recipe.recogniser || !head.crf {
      return Misfit(
        "shortcuts.untrained", with: [model == Recipe.recogniser ? "head.crf" : "model"],
        is: "[chain] with \(model == Recipe.recogniser ? "'head.crf' of false" : "'model: \(model)'")",
        expected: model == Recipe.recogniser
          ? "no chain there, or 'head.crf: true'" : "no chain there: only a recogniser of encoder and head has one")
    }
    if shortcuts.untrained.contains(.views), !pretraining.tasks.contains(where: \.tellsViews) {
      return Misfit(
        "shortcuts.untrained", with: ["pretraining.tasks"], is: "[views] without the published task",
        expected: "no views there, or '{task: views, search: false}' among 'pretraining.tasks'")
    }
    return nil
  }
}

extension TaskRecipe {
  /// Whether it tells the five views of a window from each other, as published.
  fileprivate var tellsViews: Bool { (choice.options as? ViewsTask.Options).map { !$0.search } ?? false }
}
