import Encoders
import Foundation
import Layers
import Tensors
import Training

/// A file of weights that a run wrote: an encoder's or a recogniser's.
struct Checkpoint {
  let url: URL
  let file: SafetensorsFile
  let recipe: Recipe
  let inputs: [InputContract]

  /// - Parameter run: A run's folder, whose recogniser wins over its encoder, or a checkpoint file.
  /// - Throws: ``RecipeError`` where the file is not one that a run wrote.
  init(of run: URL) throws {
    let model = try RunFolder.checkpoint(run, "model.safetensors")
    url =
      FileManager.default.fileExists(atPath: model.path)
      ? model : try RunFolder.checkpoint(run, "encoder.safetensors")
    file = try SafetensorsFile(url)
    guard let recipe = file.metadata["recipe"], let inputs = file.metadata["inputs"] else {
      throw RecipeError(
        path: url.path, problem: "no 'recipe' or 'inputs' in the checkpoint",
        wanted: "one that ssrm pretrain or ssrm finetune wrote")
    }
    self.recipe = try Recipe.parse(recipe, of: url)
    self.inputs = try JSONDecoder().decode([InputContract].self, from: Data(inputs.utf8))
  }

  /// Whether it holds an encoder alone.
  var isEncoder: Bool { file.metadata["kind"] == "encoder" }
}
