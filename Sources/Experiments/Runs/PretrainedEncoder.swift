import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training

/// An encoder's file: its weights under `encoder.`, what it takes, and whom it has seen.
struct PretrainedEncoder {
  let url: URL
  let file: SafetensorsFile
  let inputs: [WindowContract]
  let provenance: Provenance

  init(_ url: URL) throws {
    self.url = url
    file = try SafetensorsFile(url)
    guard let inputs = file.metadata["inputs"], let provenance = file.metadata["provenance"] else {
      throw RecipeError(
        path: url.path, problem: "no 'inputs' or 'provenance' in the checkpoint",
        wanted: "an encoder that ssrm pretrain wrote")
    }
    self.inputs = try JSONDecoder().decode([WindowContract].self, from: Data(inputs.utf8))
    self.provenance = try JSONDecoder().decode(Provenance.self, from: Data(provenance.utf8))
  }

  /// Puts the weights of the sensors that a model has into it; stems of other sensors stay behind.
  func load(into store: ParameterStore, inputs wanted: [WindowContract]) throws {
    try inputs.check(hold: wanted, path: url.path)
    let left = inputs.map(\.sensor).filter { sensor in !wanted.contains { $0.sensor == sensor } }
    try store.load(file, under: "encoder.", ignoring: left.map { "encoder.stems.\($0.rawValue)." })
  }

  static func save(
    _ store: ParameterStore, inputs: [WindowContract], provenance: Provenance, recipe: Recipe, to url: URL
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try store.save(
      to: url, under: "encoder.",
      metadata: [
        "format": "pt", "kind": "encoder", "recipe": recipe.text(),
        "inputs": String(decoding: encoder.encode(inputs), as: UTF8.self),
        "provenance": String(decoding: encoder.encode(provenance), as: UTF8.self),
      ])
  }
}
