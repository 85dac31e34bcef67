import Foundation
import Downstream
import Layers
import SleepCore
import Tensors
import Training

extension ModelFile {
  /// Puts these weights into a model that begins with them.
  ///
  /// - Returns: Which parameters they are.
  /// - Throws: ``RecipeError`` or ``FitError`` naming both sides, ``ParameterError`` with every weight that does not fit.
  func load(into model: Model) throws -> FineTuning.Carried {
    try contracts.check(hold: model.contracts, path: url.path)
    switch kind {
    case .encoder:
      try load(encoder: model.store, model.contracts)
      return .encoder
    case .model:
      guard recipe.model == model.recipe.model else {
        throw RecipeError(
          path: url.path, problem: "a model of '\(recipe.model)'",
          wanted: "one of '\(model.recipe.model)', which '\(model.recipe.name)' trains")
      }
      let scheme = try recipe.scheme()
      guard scheme == model.scheme else {
        throw RecipeError(
          path: url.path, problem: "a model that tells '\(scheme.name)'",
          wanted: "one that tells '\(model.scheme.name)', as '\(model.recipe.name)' does")
      }
      return .model(except: try model.store.load(weights, adding: model.model.additions))
    }
  }

  /// Puts the encoder's weights of some sensors into a store; stems of other sensors stay behind.
  func load(encoder store: ParameterStore, _ wanted: [WindowContract]) throws {
    try contracts.check(hold: wanted, path: url.path)
    let left = contracts.map(\.sensor).filter { sensor in !wanted.contains { $0.sensor == sensor } }
    try store.load(weights, under: "encoder.", ignoring: left.map { "encoder.stems.\($0.rawValue)." })
  }
}
