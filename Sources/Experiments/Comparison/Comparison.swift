public import Corpora
import Downstream
import Files
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
  /// What arms that begin with the recipe's own pretraining begin with instead.
  let initial: ModelFile?
  /// The recipe of each arm.
  let recipes: [String: Recipe]
  /// What is tried for each arm, where the recipe searches.
  let trialsByArm: [String: [Trial]]
  /// The recipe and those of its arms, of each set of sensors one: what all arms have in common are recordings and windows with the sensors
  /// that each needs.
  let common: [Recipe]

  /// - Parameters:
  ///   - corpora: The first one is labelled, or all are where the recipe says so; pretraining sees all.
  ///   - initial: An earlier run for the arms `frozen` and `fine-tuned`; without it each fold pretrains an encoder.
  public init(_ recipe: Recipe, corpora: [Corpus], initial: URL? = nil, options: Options = Options()) throws {
    var recipe = recipe
    self.initial = try initial.map { try ModelFile(of: $0) }
    if options.quick { recipe.comparison.seeds = 1 }
    let recipes = try Dictionary(
      uniqueKeysWithValues: recipe.comparison.arms.map { arm in
        let own = try arm.recipe(in: recipe)
        return (arm.name, options.quick ? own.shortened : own)
      })
    self.recipes = recipes
    trialsByArm = try Self.trials(recipe, recipes, quick: options.quick)
    common = recipe.comparison.arms.compactMap { recipes[$0.name] }.reduce(into: [recipe]) { common, own in
      if !common.contains(where: { $0.need == own.need && Set($0.sensors) == Set(own.sensors) }) { common.append(own) }
    }
    self.recipe = recipe
    (corpus, others) =
      switch recipe.comparison.labelled {
      case .first: (corpora[0], Array(corpora.dropFirst()))
      case .all: (try Corpus.joined(corpora), [])
      }
    self.options = options
  }

  /// Runs what is not there yet, and writes the tables and the figure.
  ///
  /// - Parameter out: The comparison's folder; without it one that the recipe and the data alone determine, so that the same
  ///   call goes on with it.
  /// - Throws: ``Interrupted`` with every whole cell kept, ``Leak``, and what the arms throw.
  public func run(out: URL?) throws -> (folder: RunFolder, table: ComparisonTable) {
    let scheme = try recipe.scheme()
    let (split, folder) = try start(out, "compare")
    _ = try folder.file("cells").makeFolder()
    // One that is damaged is told before the others are trained, not after.
    _ = try results(in: folder, scheme)

    let folds = options.quick ? min(2, split.folds.count) : split.folds.count
    let choices = try search(split, folds: folds, in: folder)
    let training = FoldTraining(self, split: split, folder: folder, place: "cells")
    let pieces = pieces(training, folds: folds, choices)
    do {
      try SharedWork.run(pieces, "compare cell", jobs: max(1, options.jobs), silent: options.silent)
    } catch is Interrupted {
      let done = pieces.count { $0.isDone }
      throw Interrupted("after \(done) of \(pieces.count) cells; run the same command again to go on")
    }
    var note =
      try shortcutNotes(split) + notes(validation: split.folds[0].validation.count, choices)
      + corpus.unmeasuredNotes([recipe] + common)
      + corpus.clockNotes(recipe, asked: recipe.comparison.arms.contains(.clock)) + corpus.commonWarnings
    if recipe.transductive { note.append("transductive: pretraining saw the test subjects' windows, without labels") }
    if options.quick {
      note =
        try ["--quick: a look at the output; the numbers mean nothing"] + shortcutNotes(split)
        + corpus.unmeasuredNotes([recipe] + common)
    }
    let results = try self.results(in: folder, scheme)
    var table = try ComparisonTable(
      recipe, scheme: scheme, results: results, split: split, dataset: corpus.index.title, notes: note)
    table.rankings = try rankings(results, in: folder)
    table.coincidences = try coincidences()
    table.searched = choices.results
    table.subsets = try subsetRows(results, scheme)
    table.across = try acrossRows(results, scheme)
    try table.write(to: folder)
    return (folder, table)
  }

  /// Checks what can be checked before anything is trained, and opens the folder.
  func start(_ out: URL?, _ what: String) throws -> (split: Split, folder: RunFolder) {
    try corpus.check(fits: corpus.contracts(of: recipe.sensors), scheme: recipe.scheme(), run: recipe.name)
    try checkDataSets()
    try checkArms()
    try checkTrials()
    try checkFolds()
    let split = try recipe.split.make(corpus, subjects: corpus.labelledSubjects(recipe, common: common))
    let folder = try RunFolder.comparison(out ?? defaultFolder(what), recipe: recipe.text() + provenance())
    try folder.write(split.text, to: "folds.txt")
    try RunEnvironment(seed: recipe.seed, device: Device.ofRun(recipe.device)).write(to: folder)
    return (split, folder)
  }

  /// - Throws: ``Files/JSONFileError`` for a file that is no cell, another cell's, or one of other classes.
  private func results(in folder: RunFolder, _ scheme: LabelScheme) throws -> [CellResult] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("cells").path)
    let expected = "a cell that 'ssrm compare' wrote: delete it and run the same command again, which makes it anew"
    return try names.filter { $0.hasSuffix(".json") }.sorted().map { name in
      let file = JSONFile(folder.file("cells/\(name)"))
      let result = try file.read(CellResult.self, expected: expected)
      guard result.cell.file == "cells/\(name)" else {
        throw JSONFileError(path: file.url.path, found: "what another cell gave", expected: expected)
      }
      if let other = result.classCounts.first(where: { $0 != scheme.classes.count }) {
        throw JSONFileError(
          path: file.url.path, found: "a matrix of \(other) classes where \(scheme.name) has \(scheme.classes.count)",
          expected: expected)
      }
      return result
    }
  }

  /// What the cells are of beside the recipe, as comments under it: another comparison's cells are never gone on with.
  private func provenance() throws -> String {
    var lines = ([corpus] + others).map { corpus in
      "# data: \(corpus.index.dataset), \(corpus.recordings.count) recordings, \(corpus.index.contentHash)"
    }
    for arm in recipe.comparison.arms {
      if arm.ownModel != nil { lines.append("# \(arm.name): \(Self.hash(try training(of: arm).text()))") }
      if case .run(let path) = arm.weights {
        lines.append(
          "# \(arm.name): \(Self.hash(try InputFile(ModelFile(of: URL(fileURLWithPath: path)).url).bytes()))")
      }
      if case .file(let path) = arm.weights {
        lines.append("# \(arm.name): \(Self.hash(try InputFile(URL(fileURLWithPath: path)).bytes()))")
      }
    }
    if let initial { lines.append("# init: \(Self.hash(try InputFile(initial.url).bytes()))") }
    return lines.map { $0 + "\n" }.joined()
  }

  /// In hexadecimal digits.
  static func hash(_ bytes: [UInt8]) -> String {
    var hash = ContentHash()
    bytes.withUnsafeBytes { hash.combine($0) }
    return String(hash.value, radix: 16)
  }

  static func hash(_ text: String) -> String { hash(Array(text.utf8)) }

  private func defaultFolder(_ what: String) throws -> URL {
    let text =
      try recipe.text() + ([corpus] + others).map(\.index.preprocessingHash).joined() + corpus.path
      + (initial?.url.path ?? "")
    return URL(fileURLWithPath: "runs/\(recipe.name)/\(what)-\(Self.hash(text))\(options.quick ? "-quick" : "")")
  }
}

extension RunFolder {
  /// A comparison's folder: new, or one of the very same recipe, which any number of processes share.
  ///
  /// - Throws: ``Files/Taken`` where something else is there, ``Files/InputError`` where its recipe cannot be read, ``Files/DiskError``.
  static func comparison(_ url: URL, recipe: String) throws -> RunFolder {
    let file = url.appendingPathComponent("recipe.yaml")
    for attempt in 0... {
      if FileManager.default.fileExists(atPath: file.path) {
        guard try InputFile(file).text() == recipe else { throw Taken(path: url.path) }
        return try RunFolder(existing: url)
      }
      _ = try url.makeFolder()
      do {
        let lock = try FolderLock(url)
        defer { lock.release() }
        // Another process may have made it since.
        guard !FileManager.default.fileExists(atPath: file.path) else { continue }
        guard try url.strangers().isEmpty else { throw Taken(path: url.path) }
        try Data(recipe.utf8).writeWhole(to: file)
      } catch let busy as Busy {
        // Another process is making it just now.
        guard attempt < 50 else { throw busy }
        usleep(100_000)
      }
    }
    throw Taken(path: url.path)
  }
}
