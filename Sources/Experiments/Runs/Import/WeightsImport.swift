public import Corpora
import Downstream
import Files
public import Foundation
import Layers
import Readers
import SleepCore
import Tensors
public import Training
import Upstream
public import Weights

/// `ssrm import`: weights that someone else trained, as a run that the other commands take.
public enum WeightsImport {
  /// What the weights are of.
  public enum Target {
    /// A published system, as `ssrm models` lists it, with changes of its recipe, as `--set` gives them.
    case model(String, overrides: [String] = [])
    /// The encoder of a recipe, and its context where it has one.
    case encoder(Recipe)
  }

  public struct Options {
    /// A user's own table of names.
    public var names: NameTable?
    /// The corpus on whose windows the weights are used; those of the system's own data set where `nil`.
    public var corpus: Corpus?
    /// What the network gave elsewhere.
    public var check: OutputCheck?
    /// The run's folder, new; `runs/<recipe>/<time>-<seed>` where `nil`.
    public var out: URL?

    public init() {}
  }

  /// Reads the weights, checks that they are a model's, and writes a run with them.
  ///
  /// - Parameter file: Safetensors, what `torch.save` wrote, or Keras's HDF5; nothing in it is run.
  /// - Returns: The run, with what was found in its `report.txt`.
  /// - Throws: ``Weights/WeightsError`` where the file is none or damaged, ``Weights/NamesError`` with every name that does not fit.
  public static func run(_ file: URL, as target: Target, _ options: Options = Options()) throws -> RunFolder {
    let weights = try WeightsFormat.open(file)
    switch target {
    case .model(let name, let overrides): return try model(name, overrides, of: weights, file, options)
    case .encoder(let recipe): return try encoder(recipe, of: weights, file, options)
    }
  }

  private static func model(
    _ name: String, _ overrides: [String], of weights: any WeightsFile, _ file: URL, _ options: Options
  ) throws -> RunFolder {
    let published = try RecognitionModels.named(name)
    let system = KnownSystem.named(name)
    var recipe = try Recipe.published(name, labels: system?.labels ?? "", overrides: overrides)
    // What a training learned of its windows' range stays with its own files.
    let isScaled = weights.shapes.keys.contains { $0.hasPrefix("scaling.") }
    if !isScaled { recipe.finetuning.scaling = .none }
    guard
      let windows = try options.corpus.map({ try ImportedWindows(recipe, of: $0) })
        ?? system.map({ try ImportedWindows(recipe, of: $0, published) })
    else { throw RecipeError(path: name, problem: "a system whose windows are not known", wanted: "--data CORPUS") }
    var model = try Model(recipe, contracts: windows.contracts, sources: windows.sources, seed: 0, device: .cpu)
    let match = try WeightsMatch(
      weights, to: model.store, of: name, namings: system?.namings ?? [], table: options.names)
    try match.load(into: model.store)
    model.seen = Seen(training: unknown(file, "the weights"))
    let result = try options.check.map { try $0(model.model, readsSequences: recipe.finetuning.sequence > 1) }
    let report = try report(
      recipe.name, file, weights, match, model.store, windows, classes: model.scheme.classes, result)
    return try write(recipe, report, options) { try ModelFile.write(model, to: $0.model) }
  }

  private static func encoder(
    _ recipe: Recipe, of weights: any WeightsFile, _ file: URL, _ options: Options
  ) throws -> RunFolder {
    guard let corpus = options.corpus else {
      throw RecipeError(
        path: recipe.name, problem: "an encoder whose windows nobody has said",
        wanted: "--data with the corpus that it is used on")
    }
    guard let kind = recipe.pretrainedEncoder else {
      throw RecipeError(
        path: recipe.name, problem: "'\(recipe.model)', which has no encoder", wanted: "a recipe with one")
    }
    let windows = try ImportedWindows(recipe, of: corpus)
    let network = try recipe.pretextNetwork(
      ParameterStore(seed: 0, device: .cpu), encoder: kind, inputs: windows.contracts)
    let match = try WeightsMatch(
      weights, to: network.store, of: recipe.name, namings: [.withoutEncoder], table: options.names)
    try match.load(into: network.store)
    let result = try options.check.map { try $0(network.encoder) }
    let report = try report(recipe.name, file, weights, match, network.store, windows, classes: [], result)
    return try write(recipe, report, options) {
      try ModelFile.write(
        encoder: network.store, recipe: recipe, contracts: windows.contracts, seen: unknown(file, "the encoder"),
        to: $0.encoder)
    }
  }

  /// Nobody has said whom they have seen.
  private static func unknown(_ file: URL, _ what: String) -> Provenance {
    Provenance(what, unknown: [file.lastPathComponent.visibleLine])
  }

  private static func write(
    _ recipe: Recipe, _ report: String, _ options: Options, _ weights: (RunFolder) throws -> Void
  ) throws -> RunFolder {
    let run = try RunFolder(new: options.out, recipe: recipe.name, seed: recipe.seed)
    defer { run.leave() }
    try run.write(recipe.text(), to: "recipe.yaml")
    // Nobody is known to be in a part of a split, so that everyone of a corpus is evaluated.
    let split = Split(
      scheme: "not known", seed: recipe.seed, folds: [Fold(train: [], validation: [], test: [])])
    try run.write(split.text, to: "folds.txt")
    try RunEnvironment(seed: recipe.seed, device: .cpu).write(to: run)
    try weights(run)
    try run.write(report, to: "report.txt")
    return run
  }

  private static func report(
    _ name: String, _ file: URL, _ weights: any WeightsFile, _ match: WeightsMatch, _ store: ParameterStore,
    _ windows: ImportedWindows, classes: [String], _ result: OutputCheck.Result?
  ) throws -> String {
    let facts = try FileFacts(of: file)
    let own = file.lastPathComponent.visibleLine
    var lines = [
      "\(name), imported from \(own)", "",
      "file: \(own), \(facts.size) bytes, \(facts.hash): \(weights.format)",
      "names: \(match.names); \(match.pairs.count) arrays, \(store.parameterCount) parameters",
      "windows: \(windows.contracts.map(\.summary).joined(separator: " and ")), \(windows.words)",
    ]
    if !classes.isEmpty {
      lines.append("classes: \(classes.joined(separator: ", ")), which must be theirs, in this order")
    }
    if let unknown = Seen(training: unknown(file, "")).unknown { lines.append(unknown) }
    if let result { lines.append("largest difference from their outputs: \(result.words)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
