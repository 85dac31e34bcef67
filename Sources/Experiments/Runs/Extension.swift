import Foundation
import Training

/// A finished run that is trained on from: by the same command, with more epochs.
struct Extension {
  let run: RunFolder
  /// The key that may differ.
  let epochs: String

  /// - Parameters:
  ///   - epochs: The key that says how many there are: `pretraining.epochs`.
  ///   - count: How many these are.
  /// - Throws: ``RunError``, and ``RecipeError`` where there are no more epochs than the run has.
  init(_ url: URL, _ recipe: Recipe, epochs: String, count: (Recipe) -> Int) throws {
    run = try RunFolder(existing: url)
    self.epochs = epochs
    guard FileManager.default.fileExists(atPath: run.checkpoints.path) else {
      throw RecipeError(
        path: run.checkpoints.path, problem: "no state to train on from",
        wanted: "a run that has ended and keeps its state, as every one does that this version trained")
    }
    let before = count(try Recipe.parse(String(contentsOf: run.recipe, encoding: .utf8), path: run.recipe.path))
    guard count(recipe) > before else {
      throw RecipeError(
        path: url.path, problem: "a run of \(before) epochs to be trained on to '\(epochs)' of \(count(recipe))",
        wanted: "more than \(before): --set \(epochs)=\(2 * before)")
    }
  }

  /// What tells a training that goes on from the run from one that begins anew.
  var identity: [String: String] { ["--extend": run.url.standardizedFileURL.path] }
}

extension RunFolder {
  /// Where the states of this run's trainings are kept.
  func states(of identity: CheckpointFolder.Identity, extending earlier: Extension?) -> CheckpointFolder {
    CheckpointFolder(
      checkpoints, of: identity, extending: earlier?.run.checkpoints,
      free: Set(earlier.map { [$0.epochs, "--extend"] } ?? []))
  }
}
