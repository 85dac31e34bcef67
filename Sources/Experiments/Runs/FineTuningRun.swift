public import Corpora
public import Downstream
public import Foundation
public import Metrics
import SleepCore
import Tensors
public import Training

/// `ssrm finetune`: a recogniser from labelled windows, with or without a pretrained encoder.
public enum FineTuningRun {
  /// Trains on the first fold's training subjects, chooses on its validation subjects, and reads its test subjects once.
  ///
  /// - Parameters:
  ///   - initial: A pretraining run, or an earlier run of the same model, to begin with; everything starts from scratch where `nil`.
  ///   - frozen: Whether the encoder stays as it is.
  ///   - extending: A finished run of the same command, which is trained on with more epochs.
  ///   - vectors: Where its vectors are then kept; nowhere where `nil`.
  @discardableResult
  public static func run(
    _ recipe: Recipe, corpus: Corpus, initial: URL?, frozen: Bool = false, extending: URL? = nil,
    vectors: VectorFolder? = nil, out: URL?, silent: Bool = false
  ) throws -> (run: RunFolder, report: ClassificationReport) {
    let device = try Device.ofRun(recipe.device)
    let scheme = try recipe.scheme()
    try corpus.check(fits: corpus.contracts(of: recipe.sensors), scheme: scheme, run: recipe.name)
    let split = try recipe.split.make(corpus, subjects: corpus.labelledSubjects(recipe))
    let sources = try FoldSources(corpus, recipe, split, fold: 0)
    let parts = try FoldParts(corpus, recipe, split, fold: 0)
    let file = try initial.map { try ModelFile(of: $0) }
    let weights = file.map { StartingWeights.file($0) }
    let notes = [
      recipe.split.partial || split.scheme.hasPrefix("listed, without") ? "tested on \(split.scheme)" : nil,
      try weights.flatMap {
        try $0.seen.audit(
          split, labels: parts.split, of: corpus.index, fold: 0, transductive: recipe.transductive)
      },
    ]
    let transfer: TransferProtocol =
      weights == nil ? (frozen ? .randomFrozen : .scratch) : (frozen ? .frozen : .fineTuned)
    let start = try SelfTraining(
      recipe, corpus, transfer: transfer, initial: weights, seed: recipe.seed, device: device, vectors: vectors)
    let earlier = try extending.map { try Extension($0, recipe, epochs: "finetuning.epochs") { $0.finetuning.epochs } }
    let identity = try recipe.identity(
      "finetune", [corpus], initial: file, ["protocol": transfer.rawValue].merging(earlier?.identity ?? [:]) { $1 })
    let run = try RunFolder.training(out, of: identity, recipe, silent: silent)
    defer { run.leave() }
    let states = run.states(of: identity, extending: earlier)
    try run.write(recipe.text(), to: "recipe.yaml")
    try run.write(parts.split.text, to: "folds.txt")
    try RunEnvironment(seed: recipe.seed, device: device).write(to: run)
    let log = try MetricsLog(run)
    var history: [[String: Double]] = []
    let progress = Progress(
      "fine-tuning epoch", total: recipe.finetuning.allEpochs, silent: silent)
    let trained = try run.untilInterrupted {
      try start(sources, states: states) { epoch, numbers in
        history.append(numbers)
        try log.write(step: epoch, numbers)
        progress.advance(
          by: 1,
          numbers.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.3f", $0.value))" }.joined(
            separator: ", "))
      }
    }
    progress.finish()
    try ModelFile.write(trained, to: run.model)
    let report = try EvaluationRun.report(
      trained, sources.test, device: device, to: run,
      title: "\(recipe.name), \(transfer.rawValue)\(trained.shortcutsTaken.titleSuffix)",
      notes: sources.letThrough.map { "let through: \($0)" } + notes.compactMap(\.self)
        + recipe.finetuning.optimization.computed(on: device)
        + corpus.unmeasuredNotes([recipe]) + corpus.clockNotes(recipe)
        + corpus.commonWarnings)
    try TrainingCurves(history, members: recipe.finetuning.ensemble).draw(
      title: recipe.name + trained.shortcutsTaken.titleSuffix, to: run)
    states.close()
    return (run, report)
  }
}
