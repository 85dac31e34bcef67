import Corpora
import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training

/// What a training begins with: a pretrained encoder, or a whole model of an earlier training.
enum InitialWeights {
  case encoder(PretrainedEncoder)
  case model(EarlierModel)

  /// - Parameter run: A run of `ssrm pretrain` or `ssrm finetune`, or a checkpoint of one.
  init(_ run: URL) throws {
    let checkpoint = try Checkpoint(of: run)
    self = checkpoint.isEncoder ? .encoder(try PretrainedEncoder(checkpoint.url)) : .model(try EarlierModel(checkpoint))
  }

  var url: URL {
    switch self {
    case .encoder(let encoder): encoder.url
    case .model(let model): model.url
    }
  }

  /// Whom these weights have seen.
  var history: History {
    switch self {
    case .encoder(let encoder): History(pretraining: encoder.provenance)
    case .model(let model): model.history
    }
  }

  /// Checks that a fold's test people were not seen.
  ///
  /// - Returns: What the report must say where the recipe allows pretraining on them.
  func audit(_ split: Split, of corpus: CorpusIndex, fold: Int, transductive: Bool) throws -> String? {
    let auditor = SplitAuditor(split, of: corpus)
    if let training = history.training { try auditor.audit(training: training, fold: fold) }
    return try history.pretraining.flatMap {
      try auditor.audit(pretraining: $0, fold: fold, transductive: transductive)
    }
  }

  /// Puts the weights into a model.
  ///
  /// - Returns: Which parameters they are.
  func load(into trained: TrainedModel) throws -> FineTuning.Carried {
    switch self {
    case .encoder(let encoder):
      try encoder.load(into: trained.store, inputs: trained.inputs)
      return .encoder
    case .model(let model): return .model(except: try model.load(into: trained))
    }
  }
}

/// Whom a model's weights have seen.
struct History: Hashable {
  /// Without labels.
  var pretraining: Provenance?
  /// With labels, or as those who chose the epoch.
  var training: Provenance?
}

/// The model that an earlier run of `ssrm finetune` ended with.
struct EarlierModel {
  let url: URL
  let history: History
  private let file: SafetensorsFile
  private let recipe: Recipe
  private let inputs: [WindowContract]

  init(_ checkpoint: Checkpoint) throws {
    url = checkpoint.url
    file = checkpoint.file
    recipe = checkpoint.recipe
    inputs = checkpoint.inputs
    history = try History(checkpoint.file)
    guard history.training != nil else {
      throw RecipeError(
        path: url.path, problem: "no 'training_provenance' in the checkpoint",
        wanted: "a model that says whom it was trained on, as ssrm finetune writes it now")
    }
  }

  /// Overwrites the model's weights; only what it adds to the earlier one, as an adapter, stays new.
  ///
  /// - Returns: The names that stayed new.
  /// - Throws: ``RecipeError`` or ``FitError`` naming both sides, ``ParameterError`` with every weight that does not fit.
  func load(into trained: TrainedModel) throws -> Set<String> {
    guard recipe.model == trained.recipe.model else {
      throw RecipeError(
        path: url.path, problem: "a model of '\(recipe.model)'",
        wanted: "one of '\(trained.recipe.model)', which '\(trained.recipe.name)' trains")
    }
    let scheme = try recipe.scheme()
    guard scheme == trained.scheme else {
      throw RecipeError(
        path: url.path, problem: "a model that tells '\(scheme.name)'",
        wanted: "one that tells '\(trained.scheme.name)', as '\(trained.recipe.name)' does")
    }
    try inputs.check(hold: trained.inputs, path: url.path)
    return try trained.store.load(file, adding: trained.model.additions)
  }
}

extension History {
  private static let keys = (pretraining: "provenance", training: "training_provenance")

  /// As a model's file has it.
  init(_ file: SafetensorsFile) throws {
    func part(_ key: String) throws -> Provenance? {
      try file.metadata[key].map {
        var provenance = try JSONDecoder().decode(Provenance.self, from: Data($0.utf8))
        provenance.what = file.path
        return provenance
      }
    }
    self.init(pretraining: try part(Self.keys.pretraining), training: try part(Self.keys.training))
  }

  func metadata() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    func text(_ provenance: Provenance) throws -> String {
      String(decoding: try encoder.encode(provenance), as: UTF8.self)
    }
    var metadata: [String: String] = [:]
    metadata[Self.keys.pretraining] = try pretraining.map(text)
    metadata[Self.keys.training] = try training.map(text)
    return metadata
  }

  /// With the people of one more training.
  func trained(on people: [Subject], of dataset: String) -> History {
    var history = self
    var training = history.training ?? Provenance("model", subjects: [:])
    training.subjects[dataset, default: []].formUnion(people)
    history.training = training
    return history
  }
}
