import Training
import Corpora
import Downstream
import Foundation
import Layers
import SleepCore
import Tensors

/// A recogniser with its parameters, what it takes, how that is prepared, and whom it has seen.
struct Model {
  let recipe: Recipe
  let scheme: LabelScheme
  let contracts: [WindowContract]
  /// Where its recordings come from, and how they become its windows, one a corpus that it was trained on.
  let sources: [RawSource]
  let store: ParameterStore
  let model: any RecognitionModel
  var seen = Seen()

  /// The shortcuts that its training took.
  var shortcutsTaken: [Shortcut] { recipe.shortcutsTaken(isPretrained: seen.pretraining != nil) }

  /// A model with new weights, for a corpus.
  init(_ recipe: Recipe, for corpus: Corpus, seed: UInt64, device: Device) throws {
    try self.init(
      recipe, contracts: recipe.sensors.map(corpus.sensor), sources: corpus.index.sources, seed: seed, device: device)
  }

  /// The model of a file, with its weights.
  init(_ file: ModelFile, device: Device) throws {
    guard !file.sources.isEmpty else {
      throw RecipeError(path: file.url.path, problem: "an encoder alone", wanted: "a recogniser")
    }
    try self.init(
      file.recipe, contracts: file.contracts, sources: file.sources, seed: 0, device: device,
      bound: ParameterStore.Bound(file.weights))
    seen = file.seen
    try store.load(file.weights)
  }

  /// A model with new weights, for windows.
  init(
    _ recipe: Recipe, contracts: [WindowContract], sources: [RawSource], seed: UInt64, device: Device,
    bound: ParameterStore.Bound? = nil
  ) throws {
    self.recipe = recipe
    self.contracts = contracts
    self.sources = sources
    scheme = try recipe.scheme()
    store = try ParameterStore(seed: seed, device: device, bound: bound)
    model = try recipe.makeModel(store.root, inputs: contracts, classes: scheme.classes.count)
  }
}

extension Recipe {
  /// What a training from scratch makes of this recipe: nothing stays as it is.
  var withoutFreezing: Recipe {
    var recipe = withoutAdditions
    recipe.modelOptions = modelOptions.withoutFreezing
    return recipe
  }

  /// The same without what `fine-tuned` adds to encoder and context.
  var withoutAdditions: Recipe {
    var recipe = self
    recipe.finetuning = finetuning.withoutAdditions
    return recipe
  }

  /// The recogniser that the recipe describes.
  func makeModel(_ scope: Scope, inputs: [WindowContract], classes: Int) throws -> any RecognitionModel {
    if finetuning.ensemble > 1 {
      return try Ensemble(
        (0..<finetuning.ensemble).map {
          try member.makeModel(scope(Ensemble.name($0)), inputs: inputs, classes: classes)
        })
    }
    let made: any RecognitionModel =
      model == Recipe.recogniser
      ? try Recogniser(
        scope, encoder: encoder, context: context, head: head, inputs: inputs, classes: classes,
        toleratesMissing: toleratesMissing, lowRank: finetuning.lowRankChange, adapter: finetuning.adapter,
        trainsChain: !leavesUntrained(.chain))
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
