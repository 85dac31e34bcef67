public import Corpora
import Downstream
import Figures
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
  /// - Parameter curves: A folder to draw ROC and precision-recall curves into; `nil` draws none.
  /// - Returns: The report.
  public static func run(_ run: RunFolder, corpus: Corpus, curves: URL? = nil) throws -> ClassificationReport {
    let recipe = try Recipe.load(run.recipe)
    let device = try Device(named: recipe.device)
    let trained = try TrainedModel(RunFolder.checkpoint(run.url, "model.safetensors"), device: device)
    try corpus.check(fits: trained.inputs, scheme: trained.scheme, run: run.url.path)
    let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
    let known = Set(split.folds[0].train + split.folds[0].validation + split.folds[0].test)
    // People of another data set may go by the same numbers.
    let own =
      (trained.dataset ?? corpus.index.dataset) == corpus.index.dataset && !known.isDisjoint(with: corpus.subjects)
    let seen = trained.history.training?.subjects[corpus.index.dataset] ?? []
    let subjects =
      own ? split.folds[0].test.filter(corpus.subjects.contains) : corpus.subjects.filter { !seen.contains($0) }
    guard !subjects.isEmpty else {
      throw RecipeError(
        path: run.url.path, problem: "a model that was trained with the labels of everyone in \(corpus.folder.path)",
        wanted: "a corpus with people whom it has not seen")
    }
    return try report(
      trained, corpus, subjects: subjects, device: device, to: nil, curves: curves,
      title: "\(recipe.name) on \(corpus.index.dataset)", notes: corpus.commonWarnings)
  }

  /// Predicts, measures, and writes `report.txt`, `report.json` and `predictions/` into a run; of stages also `curves/`.
  static func report(
    _ trained: TrainedModel, _ corpus: Corpus, subjects: [Subject], device: Device, to run: RunFolder?,
    curves: URL? = nil, title: String, notes: [String]
  ) throws -> ClassificationReport {
    let predictions = try Predictor(trained.recipe.finetuning, scheme: trained.scheme, device: device)(
      trained.model, corpus.source(trained.recipe, subjects: subjects))
    let report = try ClassificationReport(
      scheme: trained.scheme, windowSeconds: trained.scheme.kind == .stages ? corpus.index.windowSeconds : nil,
      recordings: predictions.map(\.scored), seed: trained.recipe.seed)
    if let run {
      let header = ([title] + notes).joined(separator: "\n")
      try run.write("\(header)\n\n\(report.text)", to: "report.txt")
      try report.json().write(to: run.file("report.json"), options: .atomic)
      try PredictionFiles.write(
        predictions, to: run.file("predictions"), classes: trained.scheme.classes.count)
    }
    if let folder = curves ?? (trained.scheme.kind == .stages ? run?.file("curves") : nil) {
      try draw(predictions, trained.scheme, in: folder, title: title, seed: trained.recipe.seed)
    }
    return report
  }

  /// Writes `areas.txt`, `areas.json`, and, where gnuplot is there, `roc.png` and `precision-recall.png`.
  private static func draw(
    _ predictions: [Prediction], _ scheme: LabelScheme, in folder: URL, title: String, seed: UInt64
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let curves = RankingCurves([predictions], classNames: scheme.classes)
    let areas = curves.areas(seed: seed)
    try Data("\(title)\n\n\(areas.text)".utf8).write(to: folder.appendingPathComponent("areas.txt"), options: .atomic)
    try JSONEncoder.report.encode(areas).write(to: folder.appendingPathComponent("areas.json"), options: .atomic)
    if let gnuplot = try? Gnuplot() { try curves.draw(in: folder, title: title, with: gnuplot) }
  }
}

extension Prediction {
  /// What the measures need of it.
  var scored: ScoredRecording {
    ScoredRecording(recording: recording, subject: subject, truth: truth, predicted: classes)
  }
}
