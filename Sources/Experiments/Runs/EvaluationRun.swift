public import Corpora
import Downstream
import Files
public import Foundation
public import Metrics
import SleepCore
import Tensors
public import Training

/// `ssrm evaluate`: a run's recogniser on a corpus.
public enum EvaluationRun {
  /// Evaluates on the run's own test subjects where the corpus is the one that it was made on, else on everyone whose labels it,
  /// or the run that it began with, was not trained on.
  ///
  /// - Parameters:
  ///   - curves: A folder to draw ROC and precision-recall curves into; those of the new folder where `nil`.
  ///   - out: A new folder for the report and each recording's predictions; `runs/<recipe>/evaluate/<time>-<seed>` where `nil`.
  /// - Returns: The report, and where it is.
  public static func run(
    _ run: RunFolder, corpus: Corpus, curves: URL? = nil, out: URL? = nil
  ) throws -> (report: ClassificationReport, out: RunFolder) {
    let recipe = try Recipe.load(run.recipe)
    let device = try Device.ofRun(recipe.device)
    let trained = try Model(ModelFile(of: run.url, .model), device: device)
    try corpus.check(
      fits: trained.contracts, scheme: trained.scheme, run: run.url.path, need: trained.recipe.need)
    let split = try Split(contentsOf: run.folds)
    let subjects = try tested(corpus, by: trained, split.folds[0], recipe, run)
    let source = try corpus.source(trained.recipe, subjects: subjects, contracts: trained.contracts)
    try audit(source, trained.seen)
    let folder = try RunFolder(new: out, recipe: "\(recipe.name)/evaluate", seed: recipe.seed)
    defer { folder.leave() }
    try folder.write(recipe.text(), to: "recipe.yaml")
    try RunEnvironment(seed: recipe.seed, device: device).write(to: folder)
    let report = try report(
      trained, source, device: device, to: folder, curves: curves,
      title: "\(recipe.name) on \(corpus.index.dataset)\(trained.shortcutsTaken.titleSuffix)",
      notes: pretrainedOn(source, trained.seen) + [trained.seen.unknown].compactMap(\.self)
        + corpus.clockNotes(trained.recipe) + corpus.commonWarnings)
    return (report, folder)
  }

  /// Those of a corpus on whom a run is measured: of its own people the test people of its fold, and of others those whose labels it has not seen.
  private static func tested(
    _ corpus: Corpus, by trained: Model, _ fold: Fold, _ recipe: Recipe, _ run: RunFolder
  ) throws -> [Subject] {
    // People of another population may go by the same numbers.
    func people(_ part: [Subject]) -> Set<Person> { Set(part.map(trained.sources.person)) }
    let own = people(fold.train + fold.validation + fold.test)
    let populations = Set(corpus.subjects.map(corpus.person).filter(own.contains).map(\.population))
    guard populations.isEmpty || recipe.allowance.isEmpty else {
      throw RecipeError(
        path: run.url.path,
        problem: "a recogniser that has seen the people whom it was tested on (\(recipe.shortcutsTaken().words))",
        wanted: "a corpus of other people; what it scored on its own stands in its report.txt")
    }
    let test = people(fold.test)
    let seen = corpus.index.groups.company(
      of: corpus.subjects.filter { trained.seen.training?.saw(corpus.person($0)) ?? false })
    let subjects = corpus.subjects.filter { subject in
      let person = corpus.person(subject)
      return populations.contains(person.population) ? test.contains(person) : !seen.contains(subject)
    }
    guard !subjects.isEmpty else {
      throw RecipeError(
        path: run.url.path, problem: "a model that was trained with the labels of everyone in \(corpus.path)",
        wanted: "a corpus with people whom it has not seen")
    }
    return subjects
  }

  /// What the report must say where pretraining saw some of those who are tested on.
  private static func pretrainedOn(_ source: WindowSource, _ seen: Seen) -> [String] {
    guard let pretraining = seen.pretraining else { return [] }
    let tested = source.recordings.map { source.store.recordings[$0] }
    let known = Set(
      tested.filter {
        pretraining.saw(source.store.person($0.subject)) || !pretraining.contents.isDisjoint(with: $0.contents)
      }
      .map(\.subject))
    guard !known.isEmpty else { return [] }
    return [
      "transductive: pretraining saw \(known.count) of the \(Set(tested.map(\.subject)).count) subjects, without labels"
    ]
  }

  /// Checks that no recording that is tested on was trained on under another name.
  private static func audit(_ source: WindowSource, _ seen: Seen) throws {
    guard let training = seen.training else { return }
    let shared = source.recordings.map { source.store.recordings[$0] }
      .filter { !training.contents.isDisjoint(with: $0.contents) }
    guard shared.isEmpty else { throw Leak.seenContent(what: training.what, recordings: shared.map(\.id), fold: 0) }
  }

  /// Predicts, measures, and writes `report.txt`, `report.json` and `predictions/` into a run; of stages also `curves/`.
  static func report(
    _ trained: Model, _ source: WindowSource, device: Device, to run: RunFolder?, curves: URL? = nil, title: String,
    notes: [String]
  ) throws -> ClassificationReport {
    let predictions = try Predictor(trained.recipe.finetuning, scheme: trained.scheme, device: device)(
      trained.model, trained.store, source)
    var report = try ClassificationReport(
      scheme: trained.scheme, windowSeconds: trained.scheme.kind == .stages ? source.store.windowSeconds : nil,
      recordings: predictions.map(\.scored), seed: trained.recipe.seed)
    report.shortcuts = trained.shortcutsTaken.isEmpty ? nil : trained.shortcutsTaken.map(\.words)
    report.subsets = try trained.subsetScores(source, all: report, device: device)
    if let run {
      let header = try ([title] + notes + perCorpus(predictions, source, trained)).joined(separator: "\n")
      try run.write("\(header)\n\n\(report.text)", to: "report.txt")
      try report.json().writeWhole(to: run.file("report.json"))
      try PredictionFile.write(predictions, of: source, scheme: trained.scheme, to: run.file("predictions"))
    }
    if let folder = curves ?? (trained.scheme.kind == .stages ? run?.file("curves") : nil) {
      try draw(predictions, trained.scheme, in: folder, title: title, seed: trained.recipe.seed)
    }
    return report
  }

  /// The scores of each of several corpora that were joined, a line each; none of one.
  private static func perCorpus(_ predictions: [Prediction], _ source: WindowSource, _ trained: Model) throws
    -> [String]
  {
    guard let sources = (source.store as? Corpus)?.index.sources, sources.count > 1 else { return [] }
    return try sources.compactMap { one in
      let own = predictions.filter { sources.dataset(of: $0.recording) == one.dataset }
      guard !own.isEmpty else { return nil }
      let report = try ClassificationReport(
        scheme: trained.scheme, recordings: own.map(\.scored), seed: trained.recipe.seed)
      let scores = [Score.accuracy, .macroF1, .kappa].map { "\($0.title) \(ComparisonTable.words(report.pooled[$0]))" }
      return "on \(one.dataset), \(people(report.subjects.count)): \(scores.joined(separator: ", "))"
    }
  }

  /// Writes `areas.txt` and `areas.json`, and draws `roc.png` and `precision-recall.png`.
  private static func draw(
    _ predictions: [Prediction], _ scheme: LabelScheme, in folder: URL, title: String, seed: UInt64
  ) throws {
    _ = try folder.makeFolder()
    let curves = RankingCurves([predictions], classNames: scheme.classes)
    let areas = curves.areas(seed: seed)
    try Data("\(title)\n\n\(areas.text)".utf8).writeWhole(to: folder.appendingPathComponent("areas.txt"))
    try JSONEncoder.report.encode(areas).writeWhole(to: folder.appendingPathComponent("areas.json"))
    try curves.draw(in: folder, title: title)
  }
}

extension Prediction {
  /// What the measures need of it.
  var scored: ScoredRecording {
    ScoredRecording(recording: recording, subject: subject, truth: truth, predicted: classes)
  }
}
