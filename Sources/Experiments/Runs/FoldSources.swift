import Downstream
import Corpora
import SleepCore

/// What a training of one fold reads. Each part says itself whom it reads, and is audited before anything is trained.
struct FoldSources {
  private(set) var training: WindowSource
  /// `nil` where the fold has no validation people.
  let validation: WindowSource?
  let test: WindowSource
  /// What the auditor would have refused if the recipe's shortcuts did not allow it, a sentence each.
  let letThrough: [String]

  /// - Parameters:
  ///   - labelled: The windows whose labels may be seen in training; all of the part's where `nil`.
  ///   - common: Only recordings that all of these recipes label are used; those of `recipe` where there are none.
  /// - Throws: ``Leak`` where a part reads people, windows or content of the test part, and no shortcut of the recipe allows it.
  init(
    _ corpus: Corpus, _ recipe: Recipe, _ split: Split, fold: Int, labelled: LabelledWindows? = nil,
    common: [Recipe] = []
  ) throws {
    let parts = try FoldParts(corpus, recipe, split, fold: fold, common: common)
    let sources = corpus.index.sources
    try recipe.checkTrainedOn(corpus)
    func source(_ part: Part, _ labelled: LabelledWindows? = nil) throws -> WindowSource {
      let people = try corpus.source(
        recipe, subjects: parts.people.subjects(part), labelled: labelled ?? parts.windows?[part], common: common)
      guard part != .test, let trained = recipe.trainedOn else { return people }
      return people.keeping { sources.dataset(of: corpus.recordings[$0].id).map(trained.contains) ?? false }
    }
    training = try source(.train, labelled)
    test = try source(.test)
    let choosesOnTest = recipe.shortcuts?.epochOnTest ?? false
    validation = choosesOnTest ? test : parts.people.validation.isEmpty ? nil : try source(.validation)

    let auditor = SplitAuditor(parts.split, of: corpus.index, allowing: recipe.allowance)
    var told = [try auditor.audit(training: Provenance("the recogniser", reading: [training]), fold: fold)]
    if recipe.finetuning.scaling != .none {
      told.append(try auditor.audit(normalisation: Provenance("the input scaling", reading: [training]), fold: fold))
    }
    if let validation, recipe.finetuning.select != .last {
      told.append(try auditor.audit(selection: Provenance("the epoch", reading: [validation]), fold: fold))
    }
    letThrough = told.compactMap(\.self)
    // What is tested on is claimed once, also where it chooses.
    let others: [(Part, WindowSource?)] = [(.train, training), (.validation, choosesOnTest ? nil : validation)]
    let read = (others + [(.test, test)]).filter { part, _ in
      !(part == .train && recipe.allowance.contains(.labels))
    }
    let claims = read.flatMap { part, source in
      source.map { parts.windows?[part]?.claims(part) ?? $0.claims(part) } ?? []
    }
    try auditor.audit(claims: claims, fold: fold)
    try auditor.audit(contentsOf: claims, fold: fold)
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

extension Recipe {
  /// Checks that a corpus holds the data sets whose people are trained on.
  ///
  /// - Throws: ``RecipeError`` for one that it does not hold.
  func checkTrainedOn(_ corpus: Corpus) throws {
    let known = corpus.index.sources.datasets
    for name in trainedOn ?? [] where !known.contains(name) {
      throw RecipeError(
        path: self.name, problem: "'trained_on' names '\(name)'",
        wanted: "data sets of the labelled corpora: \(known.joined(separator: ", "))")
    }
  }
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
