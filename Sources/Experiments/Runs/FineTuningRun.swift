public import Corpora
import Downstream
public import Foundation
import Layers
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
  @discardableResult
  public static func run(
    _ recipe: Recipe, corpus: Corpus, initial: URL?, frozen: Bool = false, out: URL?, silent: Bool = false
  ) throws -> (run: RunFolder, report: ClassificationReport) {
    let device = try Device(named: recipe.device)
    let scheme = try recipe.scheme()
    try corpus.check(fits: corpus.contracts(of: recipe.sensors), scheme: scheme, run: recipe.name)
    let split = try recipe.split.make(corpus, subjects: corpus.labelledSubjects(recipe))
    let fold = split.folds[0]
    let weights = try initial.map { try InitialWeights($0) }
    let notes = [
      recipe.split.partial ? "tested on \(split.scheme)" : nil,
      try weights.flatMap { try $0.audit(split, of: corpus.index, fold: 0, transductive: recipe.transductive) },
    ]
    let transfer: TransferProtocol =
      weights == nil ? (frozen ? .randomFrozen : .scratch) : (frozen ? .frozen : .fineTuned)
    let start = try Start(recipe, corpus, transfer: transfer, initial: weights, seed: recipe.seed, device: device)
    let run = try RunFolder(new: out, recipe: recipe.name, seed: recipe.seed)
    try run.write(recipe.text(), to: "recipe.yaml")
    try run.write(split.text, to: "folds.txt")
    try RunEnvironment(seed: recipe.seed, device: "\(device)").write(to: run)
    let log = try MetricsLog(run)
    let progress = Progress("fine-tuning epoch", total: recipe.finetuning.epochs, silent: silent)
    let trained = try start.train(corpus, fold: fold, labelled: nil) { epoch, numbers in
      try log.write(step: epoch, numbers)
      progress.advance(
        by: 1,
        numbers.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.3f", $0.value))" }.joined(
          separator: ", "))
    }
    progress.finish()
    try SplitAuditor(split, of: corpus.index).audit(
      selection: Provenance("the epoch", dataset: corpus.index.dataset, subjects: fold.validation), fold: 0)
    try trained.save(to: run.model)
    let report = try EvaluationRun.report(
      trained, corpus, subjects: fold.test, device: device, to: run, title: "\(recipe.name), \(transfer.rawValue)",
      notes: notes.compactMap(\.self))
    return (run, report)
  }

  /// Trains one recogniser on a fold's training subjects.
  ///
  /// - Parameter common: Only recordings that this recipe labels are used; those of `recipe` where `nil`.
  static func train(
    _ recipe: Recipe, _ corpus: Corpus, fold: Fold, labelled: LabelledWindows?, transfer: TransferProtocol,
    initial: InitialWeights?, common: Recipe? = nil, seed: UInt64, device: Device
  ) throws -> TrainedModel {
    let start = try Start(recipe, corpus, transfer: transfer, initial: initial, seed: seed, device: device)
    return try start.train(corpus, fold: fold, labelled: labelled, common: common)
  }

  /// A model as its training begins.
  struct Start {
    private let trained: TrainedModel
    private let carried: FineTuning.Carried
    private let transfer: TransferProtocol
    private let seed: UInt64
    private let device: Device

    /// Makes the model, and loads what it begins with.
    ///
    /// - Throws: ``RecipeError``, ``FitError`` or ``ParameterError`` where recipe, corpus and weights do not fit.
    init(
      _ recipe: Recipe, _ corpus: Corpus, transfer: TransferProtocol, initial: InitialWeights?, seed: UInt64,
      device: Device
    ) throws {
      var trained = try TrainedModel(
        transfer.isPretrained ? recipe : recipe.withoutFreezing, inputs: corpus.contracts(of: recipe.sensors),
        preprocessing: corpus.index.preprocessing, dataset: corpus.index.dataset, seed: seed, device: device)
      (self.transfer, self.seed, self.device) = (transfer, seed, device)
      guard transfer.trainsEncoder || !trained.store.parameters(under: "encoder.").isEmpty else {
        throw RecipeError(
          path: recipe.name, problem: "'\(transfer.rawValue)' of '\(recipe.model)', which has no encoder of its own",
          wanted: "'scratch' or 'fine-tuned'")
      }
      if transfer.isPretrained {
        guard let initial else {
          throw RecipeError(
            path: recipe.name, problem: "'\(transfer.rawValue)' without weights to begin with", wanted: "--init RUN")
        }
        carried = try initial.load(into: trained)
        trained.history = initial.history
      } else {
        carried = .encoder
      }
      self.trained = trained
    }

    func train(
      _ corpus: Corpus, fold: Fold, labelled: LabelledWindows?, common: Recipe? = nil,
      log: (Int, [String: Double]) throws -> Void = { _, _ in }
    ) throws -> TrainedModel {
      let recipe = trained.recipe
      let tuning = FineTuning(recipe.finetuning, transfer: transfer, carried: carried, seed: seed, device: device)
      _ = try tuning(
        trained.model, trained.store, scheme: trained.scheme,
        training: corpus.source(recipe, subjects: fold.train, labelled: labelled, common: common),
        validation: fold.validation.isEmpty ? nil : corpus.source(recipe, subjects: fold.validation, common: common),
        log: log)
      var trained = trained
      trained.history = trained.history.trained(on: fold.train + fold.validation, of: corpus.index.dataset)
      return trained
    }
  }
}
