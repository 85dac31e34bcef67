public import Layers
import Tensors

/// Which array of a file is which parameter of a model.
public struct WeightsMatch {
  /// Whose names the file has, in words.
  public let names: String
  /// Our name and theirs of each parameter, in the model's order.
  public let pairs: [(ours: String, theirs: String)]
  private let file: any WeightsFile

  /// Finds each parameter by a user's table, else by the names that most of them have in the file.
  ///
  /// A count of the batches that a norm has seen may be missing, since nothing is computed of it.
  ///
  /// - Parameters:
  ///   - store: The model's parameters and buffers.
  ///   - model: What it is called, for errors.
  ///   - namings: What others may call them, beside our own names.
  /// - Throws: ``NamesError`` with every name that does not fit, on either side.
  public init(
    _ file: any WeightsFile, to store: ParameterStore, of model: String, namings: [Naming], table: NameTable? = nil
  ) throws(NamesError) {
    let names = StrippedNames(file.shapes.keys.sorted())
    let ours = store.entries.map(\.name)
    let known = Set(ours)
    let found = ([.ours] + namings).map { naming in
      let theirs = naming.theirs(of: ours, in: names.all)
      return (naming.words, theirs, theirs.values.count { names[$0] != nil })
    }
    let most = found.map(\.2).max() ?? 0
    var (words, theirs, _) = found.first { $0.2 == most } ?? ("", [:], 0)
    var strangers: [String] = []
    var leftOut: Set<String> = []
    for row in table?.rows ?? [] {
      guard let name = names[row.theirs] ?? (file.shapes[row.theirs] == nil ? nil : row.theirs) else {
        strangers.append("\(row.theirs) (theirs)")
        continue
      }
      if row.ours.isEmpty {
        leftOut.insert(name)
      } else if known.contains(row.ours) {
        // What it was called by the rule is called otherwise now.
        theirs[row.ours] = row.theirs
      } else {
        strangers.append("\(row.ours) (ours)")
      }
    }
    if table != nil { words = most == 0 ? "those of a table" : "\(words), and a table" }
    var pairs: [(ours: String, theirs: String)] = []
    var (missing, reshaped): ([String], [String]) = ([], [])
    for entry in store.entries {
      let name = theirs[entry.name]
      guard let name, let place = names[name] ?? (file.shapes[name] == nil ? nil : name), let shape = file.shapes[place]
      else {
        if !entry.name.hasSuffix(".num_batches_tracked") { missing.append(Self.words(entry.name, name)) }
        continue
      }
      if shape != entry.tensor.shape {
        reshaped.append("\(Self.words(entry.name, name)) \(shape), expected \(entry.tensor.shape)")
      }
      pairs.append((entry.name, place))
    }
    let used = leftOut.union(pairs.map(\.theirs))
    let unexpected = file.shapes.keys.filter { !used.contains($0) }.sorted()
    guard missing.isEmpty, unexpected.isEmpty, reshaped.isEmpty, strangers.isEmpty else {
      throw NamesError(
        path: file.path, model: model, names: words, missing: missing, unexpected: unexpected, reshaped: reshaped,
        strangers: strangers, table: table?.path)
    }
    (self.names, self.pairs, self.file) = (words, pairs, file)
  }

  /// Our name, and theirs where it is another one.
  private static func words(_ ours: String, _ theirs: String?) -> String {
    theirs == ours ? ours : "\(ours) (theirs: \(theirs ?? "none"))"
  }

  /// Overwrites the model's parameters and buffers with the file's, all of them or none.
  ///
  /// - Throws: ``WeightsError`` for numbers that are none, and what the file throws.
  public func load(into store: ParameterStore) throws {
    let loaded = try pairs.compactMap { pair -> (Tensor, Tensor)? in
      guard let own = store[pair.ours] else { return nil }
      let tensor = try file.tensor(pair.theirs).to(own.dtype)
      let isFinite = try !own.dtype.isReal || tensor.values(Float.self).allSatisfy(\.isFinite)
      guard isFinite else {
        throw WeightsError(
          file.path, found: "a number in '\(pair.theirs)' that is infinite or none",
          expected: "finite ones: the training that made it failed")
      }
      return (own, tensor)
    }
    try LibTorch.withoutGradients { for (own, tensor) in loaded { try own.assign(tensor) } }
  }
}

/// Names of a file without what wrappers of PyTorch put before every one of them: `module.`, `_orig_mod.`.
private struct StrippedNames {
  private var originals: [String: String] = [:]

  private static let wrappers = ["module.", "_orig_mod.", "model."]

  init(_ names: [String]) {
    var prefix = ""
    while !names.isEmpty,
      let next = Self.wrappers.first(where: { wrapper in names.allSatisfy { $0.hasPrefix(prefix + wrapper) } })
    {
      prefix += next
    }
    for name in names { originals[String(name.dropFirst(prefix.count))] = name }
  }

  /// Without what stands before them.
  var all: [String] { originals.keys.sorted() }

  /// As the file has it.
  subscript(name: String) -> String? { originals[name] }
}
