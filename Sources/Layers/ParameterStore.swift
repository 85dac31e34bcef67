public import Tensors

/// The named parameters and buffers of a model, in the order in which its layers made them.
///
/// Names are PyTorch's, so that a reference's weights load directly: `encoder.blocks.0.weight`.
public final class ParameterStore {
  /// What a name stands for.
  public enum Kind: Sendable {
    /// Trained.
    case parameter
    /// Kept with the model but not trained, as running statistics.
    case buffer
  }

  public struct Entry {
    public let name: String
    public let kind: Kind
    public let tensor: Tensor
  }

  public private(set) var entries: [Entry] = []
  private var indices: [String: Int] = [:]
  let generator: Generator
  /// Initialises what may be added to a model, so that the rest begins as it does without.
  let additionGenerator: Generator
  public let device: Device
  private let bound: Bound?
  /// Numbers in all entries.
  private var count = 0

  /// A file from which all entries will be read: a model that has more numbers than it is refused before it takes memory.
  public struct Bound: Sendable {
    let numbers: Int
    let path: String

    public init(_ file: SafetensorsFile) {
      numbers = file.entries.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
      path = file.path
    }
  }

  /// - Parameters:
  ///   - seed: Of the generator that initialises the parameters; they are the same on every device.
  ///   - bound: The file that has all of it, where there is one.
  public init(seed: UInt64, device: Device = .cpu, bound: Bound? = nil) throws {
    self.bound = bound
    generator = try Generator(seed: seed)
    additionGenerator = try Generator(seed: seed ^ 0x10_ad)
    self.device = device
  }

  /// Where a model begins to make its parameters.
  public var root: Scope { Scope(store: self, path: "", lowRank: nil) }

  public subscript(name: String) -> Tensor? { indices[name].map { entries[$0].tensor } }

  /// The parameters, without buffers, whose names begin with `prefix`.
  public func parameters(under prefix: String = "") -> [Tensor] {
    entries.filter { $0.kind == .parameter && $0.name.hasPrefix(prefix) }.map(\.tensor)
  }

  /// How many numbers are trained.
  public var parameterCount: Int { parameters().reduce(0) { $0 + $1.count } }

  /// Forgets all gradients.
  public func clearGradients() throws { for tensor in parameters() { try tensor.setGradient(nil) } }

  /// A copy of all values, to come back to.
  public func snapshot() throws -> [Tensor] {
    try LibTorch.withoutGradients { try entries.map { try $0.tensor.detach().clone() } }
  }

  /// Goes back to a copy that ``snapshot()`` made.
  public func restore(_ snapshot: [Tensor]) throws {
    precondition(snapshot.count == entries.count, "a snapshot of this store")
    try LibTorch.withoutGradients {
      for (entry, tensor) in zip(entries, snapshot) { try entry.tensor.assign(tensor) }
    }
  }

  func add(_ name: String, _ kind: Kind, _ shape: [Int], _ make: () throws -> Tensor) throws -> Tensor {
    guard indices[name] == nil else { throw ParameterError.usedTwice(name: name) }
    var total = 1
    for side in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: side)
      total = overflow ? Int.max : product
    }
    let (sum, overflow) = count.addingReportingOverflow(total)
    count = overflow ? Int.max : sum
    if let bound, count > bound.numbers {
      throw ParameterError.moreThanHeld(path: bound.path, name: name, shape: shape, held: bound.numbers)
    }
    let placed = try make().to(device)
    try placed.setRequiresGradient(kind == .parameter)
    indices[name] = entries.count
    entries.append(Entry(name: name, kind: kind, tensor: placed))
    return placed
  }
}

/// A place in the tree of names: `scope("blocks")(0)` makes names that begin with `blocks.0.`.
public struct Scope {
  let store: ParameterStore
  let path: String
  let lowRank: LowRank?

  /// Where the parameters are.
  public var device: Device { store.device }

  public func callAsFunction(_ name: String) -> Scope {
    Scope(store: store, path: path.isEmpty ? name : "\(path).\(name)", lowRank: lowRank)
  }

  /// The same place, where weights of linear layers and convolutions get a change of low rank; none where `nil`.
  public func changing(by lowRank: LowRank?) -> Scope { Scope(store: store, path: path, lowRank: lowRank) }

  public func callAsFunction(_ index: Int) -> Scope { self(String(index)) }

  /// Makes a trained tensor.
  ///
  /// - Throws: ``ParameterError/usedTwice(name:)``.
  public func parameter(_ name: String, _ shape: [Int], _ initializer: Initializer) throws -> Tensor {
    try store.add(self(name).path, .parameter, shape) { try initializer.make(shape, store.generator) }
  }

  /// Makes a trained tensor that a model may also be without: what is made of the scope beside it begins alike with it and without.
  public func addition(_ name: String, _ shape: [Int], _ initializer: Initializer) throws -> Tensor {
    try store.add(self(name).path, .parameter, shape) { try initializer.make(shape, store.additionGenerator) }
  }

  /// Makes a tensor that is kept with the model and not trained.
  public func buffer(_ name: String, _ tensor: Tensor) throws -> Tensor {
    try store.add(self(name).path, .buffer, tensor.shape) { tensor }
  }
}
