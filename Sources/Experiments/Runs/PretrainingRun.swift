public import Corpora
import Encoders
public import Foundation
import Layers
import Metrics
import SleepCore
import Streams
public import Tensors
public import Training
import Upstream

/// `ssrm pretrain`: an encoder from unlabelled windows.
public enum PretrainingRun {
  /// Pretrains on the recordings of the corpora, less those of the people whom the recipe tests on: `finetune` with the same
  /// recipe and data may then start from the encoder. A transductive recipe, or one without labels, leaves no one out.
  ///
  /// - Parameters:
  ///   - corpora: Each with one or more of the sensors to pretrain on; together they have all.
  ///   - from: A run or an encoder's file to begin with.
  ///   - extending: A finished run of the same command, which is trained on with more epochs.
  ///   - out: A new folder, or one in which this pretraining was stopped, which then goes on; `runs/<recipe>/<time>-<seed>` where `nil`.
  ///   - group: The processes that train together, of which this is the first; this one alone where `nil`.
  /// - Returns: The run's folder, with `encoder.safetensors`.
  @discardableResult
  public static func run(
    _ recipe: Recipe, corpora: [Corpus], from: URL? = nil, extending: URL? = nil, out: URL?, silent: Bool = false,
    in group: ProcessGroup? = nil
  ) throws -> RunFolder {
    let plan = try Plan(recipe, corpora, from, extending, in: group)
    try group?.agree(on: plan.identity)
    let run = try RunFolder.training(out, of: plan.identity, recipe, silent: silent)
    defer { run.leave() }
    let states = run.states(of: plan.identity, extending: plan.earlier)
    let checkpoint = try states.checkpoint("pretraining")
    try run.write(recipe.text(), to: "recipe.yaml")
    try RunEnvironment(seed: recipe.seed, device: plan.device, processes: group?.count).write(to: run)
    let log = try MetricsLog(run)
    let progress = Progress("pretraining epoch", total: recipe.pretraining.epochs, silent: silent)
    var history: [[String: Double]] = []
    let outcome = try run.untilInterrupted {
      try plan.pretrain(in: group, checkpoint, to: run.encoder, last: run.lastEncoder) { epoch, numbers in
        history.append(numbers)
        try log.write(step: epoch, numbers)
        progress.advance(by: 1, summary(numbers))
      }
    }
    progress.finish()
    try run.write(plan.report(outcome, corpora), to: "report.txt")
    try PretrainingCurves(history).draw(title: recipe.name + recipe.pretrainingShortcuts.titleSuffix, to: run)
    states.close()
    return run
  }

  /// Which epoch's encoder is kept, and why; nothing of the last one where no other was asked for.
  private static func kept(_ recipe: Recipe, _ outcome: Pretrainer.Outcome) -> [String] {
    guard recipe.pretraining.keep == .best else { return [] }
    guard let best = outcome.best else {
      return ["kept the last epoch's encoder: the probe found no labelled windows to choose by"]
    }
    let kappa = String(format: "%.3f", best.kappa)
    return [
      "kept in encoder.safetensors: epoch \(best.epoch + 1) of \(outcome.epochs), chosen by the labels of the validation people (the probe's "
        + "logistic regression, kappa \(kappa)); the last epoch, of which the numbers below are, is in encoder-last.safetensors"
    ]
  }

  /// Takes part in the same pretraining as another process than the first: nothing is written and nothing said.
  public static func takePart(
    _ recipe: Recipe, corpora: [Corpus], from: URL? = nil, extending: URL? = nil, in group: ProcessGroup
  ) throws {
    let plan = try Plan(recipe, corpora, from, extending, in: group)
    try group.agree(on: plan.identity)
    _ = try plan.pretrain(in: group, nil, to: nil) { _, _ in }
  }

  /// What is done by all processes of a pretraining alike.
  private struct Plan {
    let recipe: Recipe
    let device: Device
    let splits: [(corpus: Corpus, split: Split)]
    let probe: Probe?
    let data: PretrainingData
    let earlier: Extension?
    let identity: CheckpointFolder.Identity

    init(_ recipe: Recipe, _ corpora: [Corpus], _ from: URL?, _ extending: URL?, in group: ProcessGroup?) throws {
      self.recipe = recipe
      device = try group?.device ?? Device.ofRun(recipe.device)
      let splits = try testSplits(recipe, corpora)
      func isTested(_ subject: Subject, of population: String) -> Bool {
        // Those who belong to a test person's group are left out with them.
        splits.contains { corpus, split in
          corpus.population == population && corpus.index.groups.company(of: split.folds[0].test).contains(subject)
        }
      }
      let parts = corpora.map { corpus in
        (corpus, corpus.subjects.filter { !isTested($0, of: corpus.population) })
      }
      let initial = try from.map { try ModelFile(of: $0, .encoder) }
      data = try PretrainingData(recipe, parts, from: initial)
      for (corpus, split) in splits {
        try SplitAuditor(split, of: corpus.index).audit(pretraining: data.provenance, fold: 0, transductive: false)
      }
      try data.check(recipe)
      probe = try PretrainingRun.probe(recipe, splits)
      guard recipe.pretraining.keep == .last || probe != nil else {
        throw RecipeError(
          path: recipe.name,
          problem: "'pretraining.keep' is best, and there are no validation people with labels to choose the epoch on",
          wanted: "last, or 'labels' that a corpus has, 'split.validation' above 0 and no 'transductive'")
      }
      earlier = try extending.map {
        try Extension($0, recipe, epochs: "pretraining.epochs") { $0.pretraining.epochs }
      }
      identity = try recipe.identity("pretrain", corpora, initial: initial, earlier?.identity ?? [:])
      self.splits = splits
    }

    func pretrain(
      in group: ProcessGroup?, _ checkpoint: Checkpoint?, to url: URL?, last: URL? = nil,
      _ log: @escaping (Int, [String: Double]) throws -> Void
    ) throws -> Pretrainer.Outcome {
      try data.pretrain(
        recipe, seed: recipe.seed, device: device, health: Health(probe: probe), checkpoint: checkpoint, in: group,
        to: url, last: last, log: log)
    }

    func report(_ outcome: Pretrainer.Outcome, _ corpora: [Corpus]) throws -> String {
      var lines = ["pretrained \(recipe.name) for \(outcome.epochs) epochs in \(Progress.duration(outcome.seconds))"]
      let shortcuts = recipe.pretrainingShortcuts
      if !shortcuts.isEmpty { lines.append(ClassificationReport.told(shortcuts.map(\.words))) }
      lines += kept(recipe, outcome)
      for (corpus, split) in splits {
        let tested = split.folds[0].test.map(\.id).joined(separator: ", ")
        lines.append("left out of \(corpus.index.dataset), as the recipe tests on them: \(tested)")
      }
      lines += recipe.pretraining.optimization.computed(on: device) + outcome.notes
      lines += data.reading(recipe).map { "read of \($0)" }
      let coincidences = try data.coincidences(recipe, corpora[0]).map { "\($0.text)\n" }.joined()
      return lines.map { "\($0)\n" }.joined() + table(outcome.numbers) + coincidences
    }
  }

  /// A probe of the first corpus whose recipe names labels and has validation people; `nil` elsewhere.
  private static func probe(_ recipe: Recipe, _ splits: [(corpus: Corpus, split: Split)]) throws -> Probe? {
    guard let (corpus, split) = splits.first, let fold = split.folds.first, !fold.validation.isEmpty else { return nil }
    return Probe(
      training: try corpus.source(recipe, subjects: fold.train),
      validation: try corpus.source(recipe, subjects: fold.validation), scheme: try recipe.scheme())
  }

  /// The splits by which the recipe can be tested on the corpora: nobody who is tested on in the first fold is pretrained on.
  ///
  /// - Throws: ``CorpusError`` or ``Leak`` where the recipe's split cannot be made, as of a list that names nobody.
  private static func testSplits(_ recipe: Recipe, _ corpora: [Corpus]) throws -> [(corpus: Corpus, split: Split)] {
    guard !recipe.transductive, !recipe.labels.isEmpty else { return [] }
    let scheme = try recipe.scheme()
    return try corpora.enumerated().compactMap { position, corpus in
      let people = corpus.scoredSubjects(recipe)
      guard corpus.index.labels == scheme.kind, !people.isEmpty else { return nil }
      do {
        return (corpus, try recipe.split.make(corpus, subjects: people))
      } catch CorpusError.noListedSubject where position > 0 {
        // The list is of the people of another of the corpora.
        return nil
      } catch CorpusError.tooFewSubjects {
        // Nobody can be tested on, so nobody is left out.
        return nil
      }
    }
  }

  /// The last epoch: one line a task and sensor, a line a sensor's vectors, then what is of all of them.
  private static func table(_ numbers: [String: Double]) -> String {
    func words(_ value: Double) -> String { String(format: "%.3f", value) }
    var table = TextTable(["task", "sensor", "metric", "value", "chance", "loss"])
    for (key, value) in numbers.sorted(by: { $0.key < $1.key }) {
      let parts = key.split(separator: "/").map(String.init)
      guard parts.count == 3, parts[2] != "chance", parts[2] != "loss" else { continue }
      let others = ["chance", "loss"].map { numbers["\(parts[0])/\(parts[1])/\($0)"].map(words) ?? "-" }
      table.append(parts + [words(value)] + others)
    }
    let rest = numbers.filter { $0.key.split(separator: "/").count < 3 }.sorted { $0.key < $1.key }
    return table.text + rest.map { "\($0.key.replacing("/", with: ", ")): \(words($0.value))\n" }.joined()
  }

  /// Each task's metric, mean over sensors.
  private static func summary(_ numbers: [String: Double]) -> String {
    let metrics = numbers.filter {
      $0.key.split(separator: "/").count == 3 && !$0.key.hasSuffix("/chance") && !$0.key.hasSuffix("/loss")
    }
    return Dictionary(grouping: metrics) { $0.key.prefix { $0 != "/" } }.sorted { $0.key < $1.key }
      .map { "\($0) \(String(format: "%.3f", $1.map(\.value).reduce(0, +) / Double($1.count)))" }
      .joined(separator: ", ")
  }
}

extension RunFolder {
  /// A new folder, or that in which the same training was stopped.
  static func training(
    _ out: URL?, of identity: CheckpointFolder.Identity, _ recipe: Recipe, silent: Bool
  ) throws -> RunFolder {
    let (run, isStopped) = try RunFolder.training(out, recipe: recipe.name, seed: recipe.seed, of: identity)
    guard isStopped else { return run }
    try run.forgetNumbers()
    if !silent { StandardError.say("\(run.url.relativePath): going on where it was stopped") }
    return run
  }

  /// Does a training, and says what becomes of this run where the user stops it.
  func untilInterrupted<Result>(_ training: () throws -> Result) throws -> Result {
    do {
      return try training()
    } catch is Interrupted {
      throw Interrupted("before there was a result; run the same command again to go on with \(url.relativePath)")
    } catch let error as ProcessGroupError {
      throw LostProcess(error: error, run: url.relativePath)
    }
  }
}

/// A training whose processes have lost each other.
struct LostProcess: Error, LocalizedError {
  let error: ProcessGroupError
  let run: String

  var errorDescription: String? {
    "\(error.localizedDescription); the training's last state is kept: run the same command again, with as many processes as you "
      + "like, to go on with \(run)"
  }
}
