import Experiments
import Foundation

extension FuzzedFormat {
  /// Recipes of the checkout.
  static func recipes(checkout: URL) throws -> [FuzzedFormat] {
    try ["every-task", "four-sensors", "sleepvst-mesa", "pmd-17"].map { name in
      FuzzedFormat(
        "recipe-\(name)", ["recipe.yaml": try document("Recipes/\(name).yaml", of: checkout)],
        words: yamlWords + recipeWords
      ) { _ = try Recipe.load($0.appendingPathComponent("recipe.yaml")) }
    }
  }

  private static let recipeWords = [
    "pretraining: {", "tasks: [{task: views}]", "epochs: 0", "batch: 1e9", "kind: transformer", "model: sleepvst",
    "sensors: []", "device: x",
  ]
}
