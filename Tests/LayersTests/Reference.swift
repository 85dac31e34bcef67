import Foundation
import Layers
import Tensors
import TestSupport
import Testing

/// One file of tensors that a `generate.py` among the fixtures wrote.
struct Reference {
  let file: SafetensorsFile

  static let layers = Result { try Reference("layers") }

  init(_ name: String, in folder: String = "pytorch") throws {
    file = try SafetensorsFile(Fixture(folder).url(name + ".safetensors"))
  }

  func tensor(_ name: String) throws -> Tensor { try file.tensor(name) }

  func values(_ name: String) throws -> [Double] { try file.tensor(name).values(Double.self) }

  /// What is behind `prefix` in the names that begin with it, in order.
  func names(under prefix: String) -> [String] {
    file.entries.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
  }

  /// Gives every parameter and buffer the file's values; the names must be the same ones.
  func load(_ store: ParameterStore, under prefix: String) throws {
    #expect(store.entries.map(\.name).sorted() == names(under: prefix))
    try LibTorch.withoutGradients {
      for entry in store.entries {
        let value = try tensor(prefix + entry.name)
        try #require(entry.tensor.shape == value.shape)
        try entry.tensor.assign(value)
      }
    }
  }

  /// Expects a tensor to have a reference's shape and values.
  func expect(
    _ tensor: Tensor?, is name: String, relative: Double = 1e-5, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let actual = try #require(tensor, "\(name) is missing", sourceLocation: sourceLocation)
    let expected = try self.tensor(name)
    let values = try expected.values(Double.self)
    // Sums are rounded by their largest terms, in another order on another processor: a value may be off by as much as the
    // tensor's largest allows.
    let largest = values.reduce(0) { max($0, abs($1)) }
    if let problem = try disagreement(
      actual.detach().values(Double.self), values, shape: actual.shape, expectedShape: expected.shape,
      relative: relative, absolute: max(1e-6, relative * largest))
    {
      Issue.record("\(name): \(problem)", sourceLocation: sourceLocation)
    }
  }
}
