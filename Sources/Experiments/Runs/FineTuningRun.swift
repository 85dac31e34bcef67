public import Corpora
import Downstream
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
  ///   - initial: A pretraining run or an encoder's file; without it the encoder is trained from scratch.
  ///   - frozen: Whether the encoder stays as it is.
  @discardableResult
  public static func run(
    _ recipe: Recipe, corpus: Corpus, initial: URL?, frozen: Bool = false, out: URL?, silent: Bool = false
  ) throws -> (run: RunFolder, report: ClassificationReport) {
    let device = try Device(named: recipe.device)
    let scheme = try recipe.scheme()
    try corpus.check(fits: corpus.contracts(of: recipe.sensors), scheme: scheme, run: recipe.name)
    let split = try recipe.split.make(corpus, subjects: corpus.labelledSubjects(recipe))
    let fold = split.folds[0]
    let encoder = try initial.map { try PretrainedEncoder(RunFolder.checkpoint($0, "encoder.safetensors")) }
    let note = try encoder.flatMap {
      try SplitAuditor(split, of: corpus.index).audit(
        pretraining: $0.provenance, fold: 0, transductive: recipe.transductive)
    }
    let run = try RunFolder(new: out, recipe: recipe.name, seed: recipe.seed)
    try run.write(recipe.text(), to: "recipe.yaml")
    try run.write(split.text, to: "folds.txt")
    try RunEnvironment(seed: recipe.seed, device: "\(device)").write(to: run)
    let log = try MetricsLog(run)
    var history: [[String: Double]] = []
    let progress = Progress(
      "fine-tuning epoch", total: recipe.finetuning.epochs * recipe.finetuning.ensemble, silent: silent)
    let transfer: TransferProtocol =
      encoder == nil ? (frozen ? .randomFrozen : .scratch) : (frozen ? .frozen : .fineTuned)
    let trained = try run.untilInterrupted {
      try train(
        recipe, corpus, fold: fold, labelled: nil, transfer: transfer, encoder: encoder, seed: recipe.seed,
        device: device
      ) { epoch, numbers in
        history.append(numbers)
        try log.write(step: epoch, numbers)
        progress.advance(
          by: 1,
          numbers.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.3f", $0.value))" }.joined(
            separator: ", "))
      }
    }
    progress.finish()
    try SplitAuditor(split, of: corpus.index).audit(
      normalisation: Provenance("the input scaling", dataset: corpus.index.dataset, subjects: fold.train), fold: 0)
    try SplitAuditor(split, of: corpus.index).audit(
      selection: Provenance("the epoch", dataset: corpus.index.dataset, subjects: fold.validation), fold: 0)
    try trained.save(to: run.model)
    try TrainingCurves(history, members: recipe.finetuning.ensemble).draw(title: recipe.name, to: run)
    let report = try EvaluationRun.report(
      trained, corpus, subjects: fold.test, device: device, to: run, title: "\(recipe.name), \(transfer.rawValue)",
      note: ([note].compactMap(\.self) + corpus.commonWarnings).joined(separator: "\n"))
    return (run, report)
  }

  /// Trains one recogniser on a fold's training subjects.
  static func train(
    _ recipe: Recipe, _ corpus: Corpus, fold: Fold, labelled: LabelledWindows?, transfer: TransferProtocol,
    encoder: PretrainedEncoder?, seed: UInt64, device: Device, log: ((Int, [String: Double]) throws -> Void)? = nil
  ) throws -> TrainedModel {
    if recipe.finetuning.ensemble > 1 {
      return try trainEnsemble(
        recipe, corpus, fold: fold, labelled: labelled, transfer: transfer, encoder: encoder, seed: seed,
        device: device, log: log)
    }
    let inputs = try corpus.contracts(of: recipe.sensors)
    let trained = try TrainedModel(
      recipe, inputs: inputs, preprocessing: corpus.index.preprocessing, dataset: corpus.index.dataset, seed: seed,
      device: device)
    if transfer.isPretrained {
      guard let encoder else {
        throw RecipeError(path: recipe.name, problem: "'\(transfer.rawValue)' without an encoder", wanted: "--init RUN")
      }
      guard recipe.finetuning.scaling == .none else {
        throw RecipeError(
          path: recipe.name, problem: "'finetuning.scaling' with an encoder that was pretrained on windows as they are",
          wanted: "scaling: none, or training from scratch")
      }
      try encoder.load(into: trained.store, inputs: inputs)
    }
    let tuning = FineTuning(recipe.finetuning, transfer: transfer, seed: seed, device: device)
    _ = try tuning(
      trained.model, trained.store, scheme: trained.scheme,
      training: corpus.source(recipe, subjects: fold.train, labelled: labelled),
      validation: fold.validation.isEmpty ? nil : corpus.source(recipe, subjects: fold.validation), log: log)
    return trained
  }
}
