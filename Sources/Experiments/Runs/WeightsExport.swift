import Upstream
import Encoders
public import Foundation
import Layers
import Tensors
import Training
import Weights

/// `ssrm export`: a run's weights, with all that another program needs to know of them, as one file.
public enum WeightsExport {
  /// What the weights are called in the file.
  public enum Names: String, CaseIterable, Sendable {
    /// Our names, which are PyTorch's.
    case ours
    /// Those of the authors' class of a published system.
    case theirs
  }

  /// Builds the model that the checkpoint describes and loads it strictly, writes it, and reads it back.
  ///
  /// - Parameters:
  ///   - run: A run of `ssrm pretrain` or `ssrm finetune`, or a checkpoint of one.
  ///   - url: A new file that ends in `.safetensors`.
  ///   - names: With which PyTorch's `load_state_dict` takes it: in our modules, or in the authors'.
  /// - Returns: How many tensors, and numbers in them, were written.
  /// - Throws: ``RecipeError``, ``Layers/ParameterError`` where weights are missing, unexpected or of another shape.
  @discardableResult
  public static func run(
    _ run: URL, to url: URL, names: Names = .ours
  ) throws -> (tensors: Int, numbers: Int) {
    try check(new: url)
    let file = try ModelFile(of: run)
    let store: ParameterStore
    switch file.kind {
    case .encoder:
      store = try file.network(device: .cpu).store
      try store.load(file.weights)
    case .model: store = try Model(file, device: .cpu).store
    }
    let theirs = names == .theirs ? try Self.theirs(of: store, file) : [:]
    // Names of others are no checkpoint of this program.
    let metadata = file.weights.metadata.filter { names == .ours || $0.key != "kind" }
    try store.save(to: url, names: theirs, metadata: metadata)
    do {
      try WeightsMatch(
        WeightsFormat.open(url), to: store, of: file.recipe.model,
        namings: KnownSystem.named(file.recipe.model)?.namings ?? []
      ).load(into: store)
    } catch {
      try? FileManager.default.removeItem(at: url)
      throw error
    }
    return (store.entries.count, store.entries.reduce(0) { $0 + $1.tensor.count })
  }

  /// The authors' name of each parameter.
  ///
  /// - Throws: ``RecipeError`` where they have none of PyTorch's, or not of all.
  private static func theirs(of store: ParameterStore, _ file: ModelFile) throws -> [String: String] {
    let model = file.recipe.model
    guard file.kind == .model, let naming = KnownSystem.named(model)?.namings.first(where: \.isPyTorch) else {
      throw RecipeError(
        path: file.url.path, problem: "'\(model)', of which no PyTorch class of others is known",
        wanted: "--names ours, which are PyTorch's too")
    }
    let names = store.entries.map { ($0.name, naming.theirs($0.name)) }
    let without = names.filter { $0.1 == nil }.map(\.0)
    guard without.isEmpty else {
      throw RecipeError(
        path: file.url.path,
        problem: "parameters that the authors' class has no place for: \(without.joined(separator: ", "))",
        wanted: "--names ours, or a model of the published options")
    }
    return Dictionary(names.map { ($0, $1 ?? "") }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: ``RecipeError`` for a file of weights that may not be written.
  static func check(new url: URL) throws {
    guard url.pathExtension == "safetensors" else {
      throw RecipeError(path: url.path, problem: "another ending", wanted: "a file that ends in .safetensors")
    }
    guard !FileManager.default.fileExists(atPath: url.path) else {
      throw RecipeError(path: url.path, problem: "a file is there", wanted: "a new one")
    }
  }
}
