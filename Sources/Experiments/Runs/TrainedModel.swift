import Corpora
import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training

/// A trained recogniser with everything that is needed to use it again: the recipe, what it takes, how that is prepared.
struct TrainedModel {
  let recipe: Recipe
  let scheme: LabelScheme
  let inputs: [InputContract]
  /// How raw files become its windows.
  let preprocessing: Preprocessing
  /// The data set that it was trained on, which also names the reader of its raw files; `nil` of an old checkpoint.
  let dataset: String?
  let store: ParameterStore
  let model: any RecognitionModel
  /// Whom its weights have seen.
  var history = History()

  /// A model with new weights.
  init(
    _ recipe: Recipe, inputs: [InputContract], preprocessing: Preprocessing, dataset: String?, seed: UInt64,
    device: Device
  ) throws {
    self.recipe = recipe
    scheme = try recipe.scheme()
    self.inputs = inputs
    self.preprocessing = preprocessing
    self.dataset = dataset
    store = try ParameterStore(seed: seed, device: device)
    model = try recipe.makeModel(store.root, inputs: inputs, classes: scheme.classes.count)
  }

  /// The model of a run's folder, or of a checkpoint file.
  init(_ url: URL, device: Device) throws {
    let file = try SafetensorsFile(url)
    func part(_ name: String) throws -> String {
      guard let text = file.metadata[name] else {
        throw RecipeError(
          path: url.path, problem: "no '\(name)' in the checkpoint", wanted: "a model that ssrm finetune wrote")
      }
      return text
    }
    try self.init(
      Recipe.parse(part("recipe"), of: url),
      inputs: JSONDecoder().decode([InputContract].self, from: Data(part("inputs").utf8)),
      preprocessing: JSONDecoder().decode(Preprocessing.self, from: Data(part("preprocessing").utf8)),
      dataset: file.metadata["dataset"], seed: 0, device: device)
    history = try History(file)
    try store.load(file)
  }

  func save(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var metadata = [
      "format": "pt", "kind": "model", "recipe": try recipe.text(), "label_scheme": scheme.name,
      "classes": scheme.classes.joined(separator: ","),
      "inputs": String(decoding: try encoder.encode(inputs), as: UTF8.self),
      "preprocessing": String(decoding: try encoder.encode(preprocessing), as: UTF8.self),
      "preprocessing_hash": preprocessing.hash,
    ]
    metadata["dataset"] = dataset
    try metadata.merge(history.metadata()) { $1 }
    try store.save(to: url, metadata: metadata)
  }
}

extension Recipe {
  /// What a training from scratch makes of this recipe: nothing stays as it is.
  var withoutFreezing: Recipe {
    var recipe = self
    recipe.modelOptions = modelOptions.withoutFreezing
    return recipe
  }

  /// The recogniser that the recipe describes.
  func makeModel(_ scope: Scope, inputs: [InputContract], classes: Int) throws -> any RecognitionModel {
    if finetuning.ensemble > 1 {
      return try Ensemble(
        (0..<finetuning.ensemble).map {
          try member.makeModel(scope(Ensemble.name($0)), inputs: inputs, classes: classes)
        })
    }
    let made: any RecognitionModel =
      model == Recipe.recogniser
      ? try Recogniser(scope, encoder: encoder, head: head, inputs: inputs, classes: classes)
      : try RecognitionModels.named(model).make(scope, inputs, classes, modelOptions)
    return finetuning.scaling == .none ? made : try ScaledModel(scope("scaling"), finetuning.scaling, made)
  }

  /// The recipe of one member of its ensemble.
  var member: Recipe {
    var recipe = self
    recipe.finetuning.ensemble = 1
    return recipe
  }
}
