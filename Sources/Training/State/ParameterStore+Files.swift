public import Foundation
public import Layers
public import Tensors

extension ParameterStore {
  /// Writes all parameters and buffers as one safetensors file, under their names.
  ///
  /// - Parameters:
  ///   - prefixes: Only those whose names begin with one of them.
  ///   - names: What each of them is called in the file, by its own name.
  ///   - metadata: Kept inside: the recipe, the label scheme, the contracts, the hash.
  public func save(
    to url: URL, under prefixes: [String] = [""], names: [String: String] = [:], metadata: [String: String] = [:]
  ) throws {
    let items = try entries.filter { entry in prefixes.contains { entry.name.hasPrefix($0) } }.map { entry in
      let dtype = entry.tensor.dtype
      var bytes = Data(count: entry.tensor.count * dtype.size)
      try bytes.withUnsafeMutableBytes { try entry.tensor.copyBytes(to: $0, byteCount: $0.count) }
      return SafetensorsItem(
        name: names[entry.name] ?? entry.name, type: SafetensorsType(dtype), shape: entry.tensor.shape, bytes: bytes)
    }
    try SafetensorsWriter.write(items, metadata: metadata, to: url)
  }

  /// Overwrites parameters and buffers with a file's, all of them or none.
  ///
  /// - Parameters:
  ///   - prefix: Takes only names that begin with it, from the file and the model: an encoder alone is `encoder.`.
  ///   - ignored: Names in the file that begin with one of these may have no place in the model.
  ///   - added: Names in the model that begin with one of these may be missing from the file, and stay as they are.
  /// - Returns: The names that stayed as they were.
  /// - Throws: ``ParameterError/mismatch(path:missing:unexpected:reshaped:)`` with every name that does not fit, or
  ///   ``SafetensorsError``.
  @discardableResult
  public func load(
    _ file: SafetensorsFile, under prefix: String = "", ignoring ignored: [String] = [], adding added: [String] = []
  ) throws -> Set<String> {
    let own = entries.filter { $0.name.hasPrefix(prefix) }
    let names = Set(own.map(\.name))
    let new = names.filter { name in file.entries[name] == nil && added.contains { name.hasPrefix($0) } }
    let wanted = own.filter { !new.contains($0.name) }
    let missing = wanted.map(\.name).filter { file.entries[$0] == nil }
    let unexpected = file.entries.keys.filter { name in
      name.hasPrefix(prefix) && !names.contains(name) && !ignored.contains { name.hasPrefix($0) }
    }.sorted()
    let reshaped = wanted.compactMap { entry -> String? in
      guard let found = file.entries[entry.name], found.shape != entry.tensor.shape else { return nil }
      return "\(entry.name) \(found.shape), expected \(entry.tensor.shape)"
    }
    guard missing.isEmpty, unexpected.isEmpty, reshaped.isEmpty else {
      throw ParameterError.mismatch(path: file.path, missing: missing, unexpected: unexpected, reshaped: reshaped)
    }
    let loaded = try wanted.map { entry in try file.tensor(entry.name).to(entry.tensor.dtype) }
    try LibTorch.withoutGradients {
      for (entry, tensor) in zip(wanted, loaded) { try entry.tensor.assign(tensor) }
    }
    return new
  }
}

extension ParameterStore: Resumable {
  public func save(to state: inout TrainingState, as name: String) throws {
    for entry in entries { try state.put("\(name)/\(entry.name)", entry.tensor) }
  }

  public func load(from state: TrainingState, as name: String) throws {
    let loaded = try entries.map { try state.tensor("\(name)/\($0.name)") }
    try LibTorch.withoutGradients {
      for (entry, tensor) in zip(entries, loaded) { try entry.tensor.assign(tensor) }
    }
  }
}
