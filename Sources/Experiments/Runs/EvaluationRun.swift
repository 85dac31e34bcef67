public import Corpora
import Downstream
import Foundation
public import Metrics
import NumPy
import SleepCore
import Tensors
public import Training

/// `ssrm evaluate`: a run's recogniser on a corpus.
public enum EvaluationRun {
  /// Evaluates on the run's own test subjects where the corpus is the one that it was made on, else on everyone whose labels it,
  /// or the run that it began with, was not trained on.
  ///
  /// - Returns: The report, whose text was written into the run too.
  public static func run(_ run: RunFolder, corpus: Corpus) throws -> ClassificationReport {
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
      trained, corpus, subjects: subjects, device: device, to: nil, title: "\(recipe.name) on \(corpus.index.dataset)",
      notes: [])
  }

  /// Predicts, measures, and writes `report.txt`, `report.json` and `predictions/` into a run.
  static func report(
    _ trained: TrainedModel, _ corpus: Corpus, subjects: [Subject], device: Device, to run: RunFolder?, title: String,
    notes: [String]
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
      try FileManager.default.createDirectory(at: run.file("predictions"), withIntermediateDirectories: true)
      for prediction in predictions {
        let classes = trained.scheme.classes.count
        try NpyArray(shape: [prediction.classes.count, classes], values: prediction.probabilities)
          .write(to: run.file("predictions/\(prediction.recording).npy"))
      }
    }
    return report
  }
}

extension Prediction {
  /// What the measures need of it.
  var scored: ScoredRecording {
    ScoredRecording(recording: recording, subject: subject, truth: truth, predicted: classes)
  }
}
