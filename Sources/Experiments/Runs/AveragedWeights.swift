import Corpora
import Downstream
public import Foundation
import Layers
import SleepCore
import Tensors
import Training
import Upstream

/// `ssrm average`: the mean of several runs' weights, as one file.
///
/// Wortsman and others, "Model soups: averaging weights of multiple fine-tuned models improves accuracy without increasing inference time" (ICML
/// 2022), the uniform one. Running statistics are averaged as weights are, and not taken anew from data; whole numbers, as of the batches seen,
/// are the first run's.
public enum AveragedWeights {
  /// - Parameters:
  ///   - runs: Two or more runs of `ssrm pretrain`, or of `ssrm finetune`, of one architecture, or checkpoints of such.
  ///   - url: A new file that ends in `.safetensors`. It has the first run's recipe, and has seen whom any of them has seen.
  /// - Returns: How many tensors were written.
  /// - Throws: ``RecipeError`` with the keys in which a run is another model than the first.
  @discardableResult
  public static func run(_ runs: [URL], to url: URL) throws -> Int {
    guard runs.count > 1 else {
      throw RecipeError(
        path: runs.first?.path ?? "", problem: "one run to average", wanted: "two or more, with spaces between")
    }
    try WeightsExport.check(new: url)
    let files = try runs.map { try ModelFile(of: $0) }
    for file in files.dropFirst() { try check(file, alike: files[0]) }
    var seen = files[0].seen
    for file in files.dropFirst() { seen.formUnion(file.seen) }
    switch files[0].kind {
    case .encoder:
      let store = try files[0].network(device: .cpu).store
      try average(files, in: store)
      try ModelFile.write(
        encoder: store, recipe: files[0].recipe, contracts: files[0].contracts,
        seen: seen.pretraining ?? Provenance("the encoder"), to: url)
      return store.entries.count
    case .model:
      var model = try Model(files[0], device: .cpu)
      try average(files, in: model.store)
      model.seen = seen
      try ModelFile.write(model, to: url)
      return model.store.entries.count
    }
  }

  /// Gives a store the mean of all files' values.
  private static func average(_ files: [ModelFile], in store: ParameterStore) throws {
    var sums: [Tensor] = []
    for file in files {
      try store.load(file.weights)
      let own = try store.snapshot().map { $0.dtype.isReal ? try $0.to(.float64) : $0 }
      sums = sums.isEmpty ? own : try zip(sums, own).map { $0.dtype.isReal ? try $0 + $1 : $0 }
    }
    try store.restore(sums.map { $0.dtype.isReal ? try $0 / Double(files.count) : $0 })
  }

  /// Checks that two files are of one architecture, and that their windows are prepared alike.
  private static func check(_ file: ModelFile, alike first: ModelFile) throws {
    func refuse(_ differences: [String], _ wanted: String) -> RecipeError {
      RecipeError(
        path: file.url.path, problem: "another model than \(first.url.path) (\(differences.joined(separator: "; ")))",
        wanted: wanted)
    }
    guard file.kind == first.kind else {
      throw refuse(["\(file.kind.rawValue), there \(first.kind.rawValue)"], "runs of one command")
    }
    let (own, other) = try (file.recipe.keys(), first.recipe.keys())
    var differing = Set(own.keys).union(other.keys).filter { key in own[key] != other[key] && isOfModel(key, file.kind)
    }
    .sorted().map { "\($0): \(own[$0] ?? "nothing"), there \(other[$0] ?? "nothing")" }
    if file.contracts != first.contracts { differing.append("the windows that it takes") }
    if file.sources.map(\.preprocessing) != first.sources.map(\.preprocessing) {
      differing.append("how windows are prepared")
    }
    guard differing.isEmpty else { throw refuse(differing, "runs of one architecture, on windows prepared alike") }
    guard file.kind == .encoder || file.recipe.model != Recipe.recogniser || !file.recipe.head.isFitted else {
      throw RecipeError(
        path: file.url.path,
        problem: "a head of '\(file.recipe.head.choice.name)', which is computed from labelled windows and has no mean",
        wanted: "a head that is trained")
    }
  }

  /// Whether a key of a recipe says what the weights are of.
  private static func isOfModel(_ key: String, _ kind: ModelFile.Kind) -> Bool {
    let parts = ["sensors", "missing", "model", "model_options", "encoder", "context"]
    let heads = [
      "labels", "head", "finetuning.scaling", "finetuning.ensemble", "finetuning.low_rank", "finetuning.adapter",
    ]
    return (kind == .model ? parts + heads : parts).contains {
      key == $0 || key.hasPrefix("\($0).") || key.hasPrefix("\($0)_alpha")
    }
  }
}
