import Corpora
import Downstream
import Foundation
import Layers
import SleepCore
import Tensors
import Training
import Upstream

/// The file that a training ends with, of an encoder alone or of a whole recogniser: its weights, and all that is needed to use them
/// again.
struct ModelFile {
  enum Kind: String {
    case encoder, model
  }

  let url: URL
  let kind: Kind
  let recipe: Recipe
  /// What it takes, one a sensor.
  let contracts: [WindowContract]
  /// How raw files become its windows, one a corpus that it was trained on; none of an encoder, whose corpora are not kept.
  let sources: [RawSource]
  /// Whom its weights have seen.
  let seen: Seen
  let weights: SafetensorsFile

  private static let names: [Kind: String] = [.model: "model.safetensors", .encoder: "encoder.safetensors"]

  /// - Parameters:
  ///   - run: A run's folder, or such a file.
  ///   - kind: What must be there; a recogniser wins over its encoder where `nil`.
  /// - Throws: ``RecipeError`` where there is none, or it is not one that this program wrote.
  init(of run: URL, _ wanted: Kind? = nil) throws {
    url = try Self.place(in: run, wanted)
    weights = try SafetensorsFile(url)
    let path = url.path
    let metadata = weights.metadata
    func refuse(_ problem: String, _ expected: String = "a file that ssrm pretrain or ssrm finetune wrote")
      -> RecipeError
    {
      RecipeError(path: path, problem: problem, wanted: expected)
    }
    func part(_ name: String) throws -> String {
      guard let text = metadata[name] else { throw refuse("no '\(name)' in the checkpoint") }
      return text
    }
    func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
      do {
        return try JSONDecoder().decode(type, from: Data(part(name).utf8))
      } catch is DecodingError {
        throw refuse(
          "'\(name)' of another version in the checkpoint", "one that this version wrote: train it again")
      }
    }
    guard let kind = Kind(rawValue: try part("kind")) else { throw refuse("the kind '\(metadata["kind"] ?? "")'") }
    if let wanted, wanted != kind { throw RecipeError.misfit(path: path, found: kind, wanted: wanted) }
    self.kind = kind
    recipe = try Recipe.parse(part("recipe"), of: url)
    contracts = try decoded([WindowContract].self, "inputs")
    if let misfit = contracts.lazy.compactMap(\.impossible).first {
      throw RecipeError(path: "\(path), inputs", problem: "'\(misfit.key)' is \(misfit.found)", wanted: misfit.expected)
    }
    sources =
      kind == .encoder
      ? []
      : metadata["sources"] == nil ? [try decoded(RawSource.self, "source")] : try decoded([RawSource].self, "sources")
    if kind == .model, sources.isEmpty { throw refuse("no 'sources' in the checkpoint") }
    if let misfit = sources.lazy.compactMap(\.preprocessing.misfit).first {
      throw RecipeError(
        path: "\(path), preprocessing", problem: "'\(misfit.key)' is \(misfit.found)", wanted: misfit.expected)
    }
    var seen = Seen(pretraining: metadata["provenance"] == nil ? nil : try decoded(Provenance.self, "provenance"))
    if kind == .model { seen.training = try decoded(Provenance.self, "training_provenance") }
    if kind == .encoder, seen.pretraining == nil { throw refuse("no 'provenance' in the checkpoint") }
    seen.pretraining?.what = path
    seen.training?.what = path
    self.seen = seen
  }

  /// The file of a run, or the file itself where one is named.
  private static func place(in run: URL, _ wanted: Kind?) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: run.path, isDirectory: &isFolder) else {
      throw RunError.absent(path: run.path)
    }
    guard isFolder.boolValue else { return run }
    func file(_ kind: Kind) -> URL { run.appendingPathComponent(names[kind] ?? "") }
    func isThere(_ kind: Kind) -> Bool { FileManager.default.fileExists(atPath: file(kind).path) }
    if let wanted {
      guard isThere(wanted) else {
        let other: Kind = wanted == .model ? .encoder : .model
        guard isThere(other) else { throw RunError.unfinished(path: run.path) }
        throw RecipeError.misfit(path: run.path, found: other, wanted: wanted)
      }
      return file(wanted)
    }
    if isThere(.model) { return file(.model) }
    guard isThere(.encoder) else { throw RunError.unfinished(path: run.path) }
    return file(.encoder)
  }

  /// What was pretrained, with new weights: the encoder, and the context where there is one.
  func network(device: Device) throws -> PretextNetwork {
    guard let encoder = recipe.pretrainedEncoder else {
      throw RecipeError(path: url.path, problem: "'\(recipe.model)', which has no encoder", wanted: "a run with one")
    }
    return try recipe.pretextNetwork(
      ParameterStore(seed: 0, device: device, bound: ParameterStore.Bound(weights)), encoder: encoder, inputs: contracts
    )
  }

  /// Writes an encoder's file.
  static func write(
    encoder store: ParameterStore, recipe: Recipe, contracts: [WindowContract], seen: Provenance, to url: URL
  ) throws {
    try write(
      store, .encoder, recipe: recipe, contracts: contracts, Seen(pretraining: seen), under: ["encoder.", "context."],
      to: url)
  }

  /// Writes a recogniser's file.
  static func write(_ model: Model, to url: URL) throws {
    let sources = model.sources
    try write(
      model.store, .model, recipe: model.recipe, contracts: model.contracts, model.seen,
      more: [
        "label_scheme": model.scheme.name, "classes": model.scheme.classes.joined(separator: ","),
        sources.count == 1 ? "source" : "sources": sources.count == 1 ? text(sources[0]) : text(sources),
      ], to: url)
  }

  private static func write(
    _ store: ParameterStore, _ kind: Kind, recipe: Recipe, contracts: [WindowContract], _ seen: Seen,
    under prefixes: [String] = [""], more: [String: String] = [:], to url: URL
  ) throws {
    var metadata = [
      "format": "pt", "kind": kind.rawValue, "recipe": try recipe.text(), "inputs": try text(contracts),
    ]
    metadata["provenance"] = try seen.pretraining.map(text)
    metadata["training_provenance"] = try seen.training.map(text)
    try store.save(to: url, under: prefixes, metadata: metadata.merging(more) { $1 })
  }

  private static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// Whom a model's weights have seen.
struct Seen: Hashable {
  /// Without labels.
  var pretraining: Provenance?
  /// With labels, or as those who chose the epoch.
  var training: Provenance?

  /// Takes over whom other weights have seen.
  mutating func formUnion(_ other: Seen) {
    func joined(_ one: Provenance?, _ two: Provenance?) -> Provenance? {
      guard var one, let two else { return one ?? two }
      one.formUnion(two)
      return one
    }
    (pretraining, training) = (joined(pretraining, other.pretraining), joined(training, other.training))
  }

  /// Checks that a fold's test people were not seen.
  ///
  /// - Parameter labels: The folds whose test people's labels must not have been seen, where they are others; no shortcut allows it.
  /// - Returns: What the report must say where the recipe allows pretraining on them.
  ///   Where nobody knows whom the weights have seen, it is said too.
  /// - Throws: ``Leak``.
  func audit(
    _ split: Split, labels: Split? = nil, of corpus: CorpusIndex, fold: Int, transductive: Bool
  ) throws -> String? {
    let auditor = SplitAuditor(split, of: corpus)
    if let training { try SplitAuditor(labels ?? split, of: corpus).audit(training: training, fold: fold) }
    let said = try pretraining.flatMap { try auditor.audit(pretraining: $0, fold: fold, transductive: transductive) }
    let notes = [said, unknown].compactMap(\.self)
    return notes.isEmpty ? nil : notes.joined(separator: "\n")
  }

  /// What a report must say of weights of others; `nil` where it is known whom all have seen.
  var unknown: String? {
    let files = (pretraining?.unknown ?? []).union(training?.unknown ?? []).sorted()
    guard !files.isEmpty else { return nil }
    return
      "not known: whom the weights of \(files.joined(separator: " and ")) have seen; those who are tested on may be among "
      + "them, and no check of leaks can tell"
  }

  /// With what one more training reads.
  func trained(reading sources: [WindowSource]) -> Seen {
    var seen = self
    var training = seen.training ?? Provenance("model")
    training.formUnion(Provenance("model", reading: sources))
    seen.training = training
    return seen
  }
}

extension RecipeError {
  fileprivate static func misfit(path: String, found: ModelFile.Kind, wanted: ModelFile.Kind) -> RecipeError {
    wanted == .model
      ? RecipeError(
        path: path, problem: "an encoder without a head",
        wanted: "a recogniser: 'ssrm finetune RECIPE --data CORPUS --init \(path)' makes one of it")
      : RecipeError(path: path, problem: "a recogniser", wanted: "an encoder that ssrm pretrain wrote")
  }
}
