import Upstream
import Encoders
public import Foundation
import Layers
import Tensors
import Training

/// `ssrm export`: a run's weights, with all that another program needs to know of them, as one file.
public enum WeightsExport {
  /// Builds the model that the checkpoint describes and loads it strictly, writes it, and reads it back.
  ///
  /// - Parameters:
  ///   - run: A run of `ssrm pretrain` or `ssrm finetune`, or a checkpoint of one.
  ///   - url: A new file that ends in `.safetensors`.
  /// - Returns: How many tensors, and numbers in them, were written.
  /// - Throws: ``RecipeError``, ``Layers/ParameterError`` where weights are missing, unexpected or of another shape.
  @discardableResult
  public static func run(_ run: URL, to url: URL) throws -> (tensors: Int, numbers: Int) {
    try check(new: url)
    let file = try ModelFile(of: run)
    let store: ParameterStore
    switch file.kind {
    case .encoder:
      store = try file.network(device: .cpu).store
      try store.load(file.weights)
    case .model: store = try Model(file, device: .cpu).store
    }
    try store.save(to: url, metadata: file.weights.metadata)
    do {
      try store.load(SafetensorsFile(url))
    } catch {
      try? FileManager.default.removeItem(at: url)
      throw error
    }
    return (store.entries.count, store.entries.reduce(0) { $0 + $1.tensor.count })
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
