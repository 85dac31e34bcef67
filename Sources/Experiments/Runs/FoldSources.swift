import Downstream
import Corpora
import SleepCore

/// What a training of one fold reads. Each part says itself whom it reads, and is audited before anything is trained.
struct FoldSources {
  private(set) var training: WindowSource
  /// `nil` where the fold has no validation people.
  let validation: WindowSource?
  let test: WindowSource

  /// - Parameters:
  ///   - labelled: The windows whose labels may be seen in training; all where `nil`.
  ///   - common: Only recordings that all of these recipes label are used; those of `recipe` where there are none.
  /// - Throws: ``Leak`` where a part reads people, windows or content of the test part.
  init(
    _ corpus: Corpus, _ recipe: Recipe, _ split: Split, fold: Int, labelled: LabelledWindows? = nil,
    common: [Recipe] = []
  ) throws {
    let part = split.folds[fold]
    training = try corpus.source(recipe, subjects: part.train, labelled: labelled, common: common)
    validation =
      part.validation.isEmpty ? nil : try corpus.source(recipe, subjects: part.validation, common: common)
    test = try corpus.source(recipe, subjects: part.test, common: common)
    let auditor = SplitAuditor(split, of: corpus.index)
    try auditor.audit(training: Provenance("the recogniser", reading: [training]), fold: fold)
    if recipe.finetuning.scaling != .none {
      try auditor.audit(normalisation: Provenance("the input scaling", reading: [training]), fold: fold)
    }
    if let validation, recipe.finetuning.select != .last {
      try auditor.audit(selection: Provenance("the epoch", reading: [validation]), fold: fold)
    }
    let parts: [(Part, WindowSource?)] = [(.train, training), (.validation, validation), (.test, test)]
    try auditor.audit(claims: parts.flatMap { $1?.claims($0) ?? [] }, fold: fold)
  }

  /// The same, with classes that a model gives to training windows whose label may not be seen.
  func giving(_ labels: PseudoLabels) -> FoldSources {
    var sources = self
    sources.training = training.giving(labels.classes)
    return sources
  }

  /// What the weights see: those who are trained on, and those who choose the epoch.
  var seen: [WindowSource] { [training] + [validation].compactMap(\.self) }
}

extension WindowSource {
  /// The stretches of recordings that this source reads, for one part of a fold.
  fileprivate func claims(_ part: Part) -> [WindowClaim] {
    recordings.map { position in
      let recording = store.recordings[position]
      return WindowClaim(recording: recording.id, windows: 0..<recording.windows, part: part)
    }
  }
}
