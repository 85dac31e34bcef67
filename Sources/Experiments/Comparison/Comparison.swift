public import Corpora
import Downstream
public import Foundation
import Metrics
import SleepCore
import Tensors
public import Training
import Upstream

/// `ssrm compare`: arms x budgets x folds x seeds. Every arm sees the same folds and the same labelled windows, and no
/// encoder its test subjects.
///
/// Each cell's result is a file of its own; a comparison that is called again goes on where it stopped.
public struct Comparison: Sendable {
  public struct Options: Sendable {
    /// Cells at once, each on one thread.
    public var jobs = 1
    /// One seed, two folds and few epochs, for a look: the numbers mean nothing.
    public var quick = false
    public var silent = false

    public init() {}
  }

  let recipe: Recipe
  let corpus: Corpus
  /// Further corpora to pretrain on.
  let others: [Corpus]
  let options: Options
  /// What pretrained arms begin with, where that is not pretrained here.
  let initial: ModelFile?
  /// What all arms have in common: recordings with the sensors of each.
  let common: Recipe

  /// - Parameters:
  ///   - corpora: The first one is labelled; pretraining sees all.
  ///   - initial: An earlier run for the arms `frozen` and `fine-tuned`; without it each fold pretrains an encoder.
  public init(_ recipe: Recipe, corpora: [Corpus], initial: URL? = nil, options: Options = Options()) throws {
    var recipe = recipe
    self.initial = try initial.map { try ModelFile(of: $0) }
    common = try recipe.common()
    if options.quick {
      recipe.comparison.seeds = 1
      recipe.finetuning = recipe.finetuning.shortened
      recipe.pretraining.epochs = min(1, recipe.pretraining.epochs)
      recipe.pretraining.steps = min(2, max(1, recipe.pretraining.steps))
    }
    self.recipe = recipe
    corpus = corpora[0]
    others = Array(corpora.dropFirst())
    self.options = options
  }

  /// Runs what is not there yet, and writes the tables and the figure.
  ///
  /// - Parameter out: The comparison's folder; without it one that the recipe and the data alone determine, so that the same
  ///   call goes on with it.
  /// - Throws: ``Interrupted`` with every whole cell kept, ``Leak``, and what the arms throw.
  public func run(out: URL?) throws -> (folder: RunFolder, table: ComparisonTable) {
    let scheme = try recipe.scheme()
    try corpus.check(fits: corpus.contracts(of: recipe.sensors), scheme: scheme, run: recipe.name)
    try checkArms()
    let split = try recipe.split.make(corpus, subjects: corpus.labelledSubjects(common))
    let folder = try RunFolder.comparison(out ?? defaultFolder(), recipe: recipe.text() + provenance())
    try folder.write(split.text, to: "folds.txt")
    try RunEnvironment(seed: recipe.seed, device: recipe.device).write(to: folder)
    try FileManager.default.createDirectory(at: folder.file("cells"), withIntermediateDirectories: true)

    let folds = options.quick ? min(2, split.folds.count) : split.folds.count
    let groups = (0..<folds).flatMap { fold in (0..<max(1, recipe.comparison.seeds)).map { (fold, $0) } }
    let perGroup = recipe.comparison.arms.count * recipe.comparison.budgets.count
    let progress = Progress("compare cell", total: groups.count * perGroup, silent: options.silent)
    let failure = FirstFailure()
    let queue = WorkQueue(groups.count)
    runConcurrently(max(1, options.jobs)) {
      // Jobs share the processor: each computes on its share of the threads.
      LibTorch.threads = max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, options.jobs))
      while failure.error == nil, let index = queue.next() {
        let (fold, seed) = groups[index]
        do {
          try runGroup(split, fold: fold, seed: seed, folder) { progress.advance(by: 1, $0) }
        } catch {
          failure.record(error)
        }
      }
    }
    progress.finish()
    if let error = failure.error {
      guard error is Interrupted else { throw error }
      let all = groups.flatMap { fold, seed in cells(fold: fold, seed: seed) }
      let done = all.count { FileManager.default.fileExists(atPath: folder.file($0.file).path) }
      throw Interrupted("after \(done) of \(all.count) cells; run the same command again to go on")
    }
    var note =
      try notes(validation: split.folds[0].validation.count)
      + corpus.clockNotes(recipe, asked: recipe.comparison.arms.contains(.clock)) + corpus.commonWarnings
    if recipe.transductive { note.append("transductive: pretraining saw the test subjects' windows, without labels") }
    if options.quick { note = ["--quick: a look at the output; the numbers mean nothing"] }
    let results = try self.results(in: folder)
    var table = try ComparisonTable(
      recipe, scheme: scheme, results: results, split: split, dataset: corpus.index.title, notes: note)
    table.rankings = try rankings(results, in: folder)
    try table.write(to: folder)
    return (folder, table)
  }

  /// One fold and seed: pretrains once, then every budget and arm.
  private func runGroup(
    _ split: Split, fold: Int, seed: Int, _ folder: RunFolder, _ advance: (String) -> Void
  ) throws {
    let part = split.folds[fold]
    let scheme = try recipe.scheme()
    let device = try Device(named: recipe.device)
    let cells = cells(fold: fold, seed: seed)
    let numericSeed = recipe.seed &+ UInt64(seed) &* 1000 &+ UInt64(fold)
    for cell in cells {
      try Interruption.check()
      let url = folder.file(cell.file)
      if FileManager.default.fileExists(atPath: url.path) {
        advance("")
        continue
      }
      let started = ContinuousClock.now
      let own = try training(of: cell.arm)
      guard let budget = LabelBudget(named: cell.budget) else {
        throw RecipeError(path: recipe.name, problem: "the budget '\(cell.budget)'", wanted: LabelBudget.names)
      }
      let labelled = try measured(
        budget.labelledWindows(
          of: corpus, subjects: part.train, fold: fold, seed: recipe.seed &+ UInt64(seed)))
      let sources = try FoldSources(corpus, own, split, fold: fold, labelled: labelled, common: common)
      let (training, test) = (sources.training, sources.test)
      let predictions: [Prediction]
      if let transfer = cell.arm.transfer {
        let weights =
          transfer.isPretrained ? try weights(split, fold: fold, seed: seed, numericSeed, folder, device) : nil
        let trained = try TrainingStart(
          own, corpus, transfer: transfer, initial: weights, seed: numericSeed, device: device
        ).train(sources)
        predictions = try Predictor(own.finetuning, scheme: scheme, device: device)(trained.model, test)
      } else {
        predictions = try baseline(cell.arm, training, classes: scheme.classes.count, seed: numericSeed).predictions(
          test)
      }
      let scored = try zip(predictions, test.recordings).map { prediction, recording in
        Prediction(
          recording: prediction.recording, subject: prediction.subject,
          truth: try measured(prediction.truth, recording: recording), classes: prediction.classes,
          probabilities: prediction.probabilities)
      }
      // Before the cell's own file, which says that the cell is whole.
      try PredictionFile.write(scored, of: test, scheme: scheme, to: folder.file(cell.predictions))
      var subjects: [Subject: ConfusionMatrix] = [:]
      for prediction in scored {
        let matrix = try ConfusionMatrix(
          classCount: scheme.classes.count, truth: prediction.truth, predicted: prediction.classes)
        subjects[prediction.subject] = subjects[prediction.subject].map { $0 + matrix } ?? matrix
      }
      let result = CellResult(
        cell, labelledWindows: training.classCounts().reduce(0, +),
        seconds: (ContinuousClock.now - started).seconds, subjects: subjects)
      try JSONEncoder().encode(result).write(to: url, options: .atomic)
      advance("\(cell.arm.rawValue), \(cell.budget), fold \(fold)")
    }
  }

  private func cells(fold: Int, seed: Int) -> [Cell] {
    recipe.comparison.budgets.flatMap { budget in
      recipe.comparison.arms.map { Cell(arm: $0, budget: budget, fold: fold, seed: seed) }
    }
  }

  private func baseline(_ arm: Arm, _ training: WindowSource, classes: Int, seed: UInt64) throws -> any BaselineModel {
    switch arm {
    case .previous: PreviousLabelBaseline(training, classes: classes)
    case .clock: try LogisticBaseline(.clock, training: training, classes: classes, seed: seed)
    case .logistic: try LogisticBaseline(.plain, training: training, classes: classes, seed: seed)
    default: MajorityBaseline(training)
    }
  }

  /// What a pretrained arm begins with: the earlier run, which must not have seen the fold's test people, or the fold's encoder.
  private func weights(
    _ split: Split, fold: Int, seed: Int, _ numericSeed: UInt64, _ folder: RunFolder, _ device: Device
  ) throws -> ModelFile {
    guard let initial else { return try encoder(split, fold: fold, seed: seed, numericSeed, folder, device) }
    _ = try initial.seen.audit(split, of: corpus.index, fold: fold, transductive: recipe.transductive)
    return initial
  }

  /// The fold's encoder, pretrained on everyone but its test subjects, or on everyone where the recipe is transductive.
  private func encoder(
    _ split: Split, fold: Int, seed: Int, _ numericSeed: UInt64, _ folder: RunFolder, _ device: Device
  ) throws -> ModelFile {
    let url = folder.file("cells/encoder-fold\(fold)-seed\(seed).safetensors")
    if !FileManager.default.fileExists(atPath: url.path) {
      let tested = Set(split.folds[fold].test)
      let parts = ([corpus] + others).map { corpus in
        // A person is left out of every corpus of the same population.
        let same = corpus.population == self.corpus.population
        return (corpus, corpus.subjects.filter { recipe.transductive || !same || !tested.contains($0) })
      }
      let data = try PretrainingData(recipe, parts)
      try SplitAuditor(split, of: corpus.index).audit(
        pretraining: data.provenance, fold: fold, transductive: recipe.transductive)
      _ = try data.pretrain(recipe, seed: numericSeed, device: device, to: url) { _, _ in }
    }
    let encoder = try ModelFile(of: url, .encoder)
    // What is gone on with was audited by whoever wrote it; the file says whom it saw.
    _ = try encoder.seen.audit(split, of: corpus.index, fold: fold, transductive: recipe.transductive)
    return encoder
  }

  private func results(in folder: RunFolder) throws -> [CellResult] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("cells").path)
    return try names.filter { $0.hasSuffix(".json") }.sorted().map {
      try JSONDecoder().decode(CellResult.self, from: Data(contentsOf: folder.file("cells/\($0)")))
    }
  }

  /// What the cells are of beside the recipe, as comments under it: another comparison's cells are never gone on with.
  private func provenance() throws -> String {
    var lines = ([corpus] + others).map { corpus in
      "# data: \(corpus.index.dataset), \(corpus.recordings.count) recordings, \(corpus.index.preprocessingHash)"
    }
    for case .published(let name) in recipe.comparison.arms {
      lines.append("# \(name): \(Self.hash(try training(of: .published(name)).text()))")
    }
    if let initial { lines.append("# init: \(Self.hash(try Data(contentsOf: initial.url)))") }
    return lines.map { $0 + "\n" }.joined()
  }

  /// In hexadecimal digits.
  private static func hash(_ data: Data) -> String {
    var hash = ContentHash()
    data.withUnsafeBytes { hash.combine($0) }
    return String(hash.value, radix: 16)
  }

  private static func hash(_ text: String) -> String { hash(Data(text.utf8)) }

  private func defaultFolder() throws -> URL {
    let text =
      try recipe.text() + ([corpus] + others).map(\.index.preprocessingHash).joined() + corpus.folder.path
      + (initial?.url.path ?? "")
    return URL(fileURLWithPath: "runs/\(recipe.name)/compare-\(Self.hash(text))\(options.quick ? "-quick" : "")")
  }
}

extension RunFolder {
  /// A comparison's folder: new, or one of the very same recipe.
  static func comparison(_ url: URL, recipe: String) throws -> RunFolder {
    let file = url.appendingPathComponent("recipe.yaml")
    if let present = try? String(contentsOf: file, encoding: .utf8) {
      guard present == recipe else { throw RunError.taken(path: url.path) }
      return try RunFolder(existing: url)
    }
    let folder = try RunFolder(new: url, recipe: "", seed: 0)
    try folder.write(recipe, to: "recipe.yaml")
    return folder
  }
}
