import Files
public import Foundation
public import Tensors

/// Everything that a training needs to go on as if it had never been stopped: tensors, and values beside them, by name.
///
/// What takes part in a training puts its share under a name of its own: `optimizer/…`, `batches/…`. A state is a copy: what is trained on
/// afterwards does not change it.
public struct TrainingState {
  private var tensors: [String: Tensor] = [:]
  private var values: [String: Data] = [:]
  /// Where it was read; empty of one in memory.
  private let path: String

  public init() { path = "" }

  /// Keeps a copy of a tensor.
  public mutating func put(_ name: String, _ tensor: Tensor) throws {
    tensors[name] = try LibTorch.withoutGradients { try tensor.detach().to(.cpu).clone() }
  }

  /// Keeps a value; numbers that are not finite too.
  public mutating func put(_ name: String, _ value: some Encodable) throws {
    values[name] = try Self.encoder.encode(value)
  }

  /// - Throws: ``TrainingStateError`` where there is none of this name.
  public func tensor(_ name: String) throws -> Tensor {
    guard let tensor = tensors[name] else { throw TrainingStateError(path: path, lacking: name) }
    return tensor
  }

  /// A tensor that may not be there.
  public func optional(_ name: String) -> Tensor? { tensors[name] }

  /// - Throws: ``TrainingStateError`` where there is none of this name and kind.
  public func value<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    guard let data = values[name], let value = try? Self.decoder.decode(type, from: data) else {
      throw TrainingStateError(path: path, lacking: name)
    }
    return value
  }

  /// Writes it as one safetensors file, whole or not at all.
  ///
  /// - Throws: `DiskError`.
  public func write(to url: URL, metadata: [String: String]) throws {
    let items = try tensors.map { name, tensor in
      var bytes = Data(count: tensor.count * tensor.dtype.size)
      try bytes.withUnsafeMutableBytes { try tensor.copyBytes(to: $0, byteCount: $0.count) }
      return SafetensorsItem(name: name, type: SafetensorsType(tensor.dtype), shape: tensor.shape, bytes: bytes)
    }
    let texts = values.mapValues { String(decoding: $0, as: UTF8.self) }
    try SafetensorsWriter.write(
      items, metadata: metadata.merging(texts.map { (Self.prefix + $0, $1) }) { own, _ in own }, to: url)
  }

  /// Reads what ``write(to:metadata:)`` wrote.
  public init(_ file: SafetensorsFile) throws {
    path = file.path
    for name in file.entries.keys { tensors[name] = try file.tensor(name) }
    for (name, text) in file.metadata where name.hasPrefix(Self.prefix) {
      values[String(name.dropFirst(Self.prefix.count))] = Data(text.utf8)
    }
  }

  private struct Contents: Codable {
    var values: [String: Data]
    /// By name: the type's number and the shape.
    var tensors: [String: [Int]]
  }

  /// The first process's state on all of them; `nil` where it has none.
  public static func shared(_ own: TrainingState?, in group: ProcessGroup) throws -> TrainingState? {
    let listed = try own.map { state in
      try encoder.encode(
        Contents(
          values: state.values, tensors: state.tensors.mapValues { [Int($0.dtype.rawValue)] + $0.shape }))
    }
    guard let bytes = try group.broadcast(listed) else { return nil }
    let contents = try decoder.decode(Contents.self, from: bytes)
    var state = own ?? TrainingState()
    state.values = contents.values
    for (name, kind) in contents.tensors.sorted(by: { $0.key < $1.key }) {
      let dtype = DType(rawValue: Int32(kind[0])) ?? .float32
      let tensor = try state.tensors[name] ?? .zeros(Array(kind.dropFirst()), dtype: dtype)
      try group.broadcast(tensor)
      state.tensors[name] = tensor
    }
    return state
  }

  private static let prefix = "state/"

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }()

  private static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }()
}

/// A part of a training that has a share in its state.
public protocol Resumable {
  /// Puts everything that changes in training into a state, under names that begin with `name`.
  func save(to state: inout TrainingState, as name: String) throws
  /// Goes on from there.
  func load(from state: TrainingState, as name: String) throws
}

/// A state that lacks what a training needs to go on.
public struct TrainingStateError: Error, Equatable, LocalizedError {
  public let path: String
  public let lacking: String

  init(path: String, lacking: String) { (self.path, self.lacking) = (path, lacking) }

  public var errorDescription: String? {
    "\(path): found no '\(lacking)' to go on from, expected the state of a training of this recipe: move the file away to begin anew"
  }
}
