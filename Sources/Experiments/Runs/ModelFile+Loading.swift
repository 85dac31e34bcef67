import Foundation
import Downstream
import Layers
import SleepCore
import Tensors
import Training

/// What a training begins with: a file that this program wrote, or weights alone.
enum StartingWeights {
  case file(ModelFile)
  /// A safetensors file whose names are those of an encoder, `encoder.…`, and of a context, `context.…`.
  case bare(URL)

  /// Puts these weights into a model that begins with them.
  ///
  /// - Returns: Which parameters they are.
  /// - Throws: ``RecipeError`` or ``FitError`` naming both sides, ``ParameterError`` with every weight that does not fit.
  func load(into model: Model) throws -> FineTuning.Carried {
    switch self {
    case .file(let file): return try file.load(into: model)
    case .bare(let url):
      try model.store.loadPretrained(SafetensorsFile(url), ignoring: [])
      return .pretrained
    }
  }

  /// Whether it is an encoder alone, without a head.
  var isEncoder: Bool { if case .file(let file) = self { file.kind == .encoder } else { true } }

  /// Whom the weights have seen; nobody is known of weights alone.
  var seen: Seen { if case .file(let file) = self { file.seen } else { Seen() } }
}

extension ModelFile {
  /// Puts these weights into a model that begins with them.
  func load(into model: Model) throws -> FineTuning.Carried {
    try contracts.check(hold: model.contracts, path: url.path)
    switch kind {
    case .encoder:
      guard let own = recipe.pretrainedEncoder, own == model.recipe.pretrainedEncoder else {
        throw RecipeError(
          path: url.path, problem: "an encoder of another kind or size than that of '\(model.recipe.name)'",
          wanted: "one that a recipe with the same 'encoder' pretrained")
      }
      if model.store.entries.contains(where: { $0.name.hasPrefix("context.") }) { try checkMissing(model.recipe) }
      try load(pretrained: model.store, model.contracts)
      return .pretrained
    case .model:
      guard recipe.model == model.recipe.model else {
        throw RecipeError(
          path: url.path, problem: "a model of '\(recipe.model)'",
          wanted: "one of '\(model.recipe.model)', which '\(model.recipe.name)' trains")
      }
      let scheme = try recipe.scheme()
      guard scheme.name == model.scheme.name else {
        throw RecipeError(
          path: url.path, problem: "a model that tells '\(scheme.name)'",
          wanted: "one that tells '\(model.scheme.name)', as '\(model.recipe.name)' does")
      }
      try checkMissing(model.recipe)
      return .model(
        except: try model.store.load(weights, adding: model.model.additions + model.store.lowRankNames))
    }
  }

  /// - Throws: ``RecipeError`` where only one of the two recipes can do without a sensor: what reads the joined vectors is then told of other
  ///   things.
  private func checkMissing(_ other: Recipe) throws {
    guard recipe.toleratesMissing != other.toleratesMissing else { return }
    func words(_ recipe: Recipe) -> String { recipe.toleratesMissing ? "may lack a sensor" : "have all sensors" }
    throw RecipeError(
      path: url.path, problem: "weights for windows that \(words(recipe))",
      wanted: "those for windows that \(words(other)), as 'missing' of '\(other.name)' says")
  }

  /// Puts the weights of the encoder and of the context into a store; what is of other sensors alone stays behind.
  func load(pretrained store: ParameterStore, _ wanted: [WindowContract]) throws {
    try contracts.check(hold: wanted, path: url.path)
    let left = contracts.map(\.sensor.rawValue).filter { sensor in !wanted.contains { $0.sensor.rawValue == sensor } }
    let ignored = weights.entries.keys.filter { name in
      name.split(separator: ".").contains { left.contains(String($0)) }
    }
    try store.loadPretrained(weights, ignoring: ignored)
  }
}

extension ParameterStore {
  /// Takes over the encoder, and the context where this has one.
  fileprivate func loadPretrained(_ file: SafetensorsFile, ignoring ignored: [String]) throws {
    try load(file, under: "encoder.", ignoring: ignored, adding: lowRankNames)
    if entries.contains(where: { $0.name.hasPrefix("context.") }) {
      try load(file, under: "context.", adding: lowRankNames)
    }
  }

  /// Changes of weights, which those who trained the weights may have known nothing of.
  fileprivate var lowRankNames: [String] { entries.map(\.name).filter(LowRank.isPart) }
}
