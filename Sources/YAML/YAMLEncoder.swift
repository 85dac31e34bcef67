/// Makes nodes of values. What it makes, ``YAMLDecoder`` reads back.
public struct YAMLEncoder: Sendable {
  /// Nothing to set.
  public init() {}

  /// - Throws: What the value's own `encode(to:)` throws.
  public func encode(_ value: some Encodable) throws -> Node {
    let target = NodeEncoder.Target()
    try NodeEncoder(target: target, codingPath: []).write(value)
    return target.node
  }
}

/// The encoder of one node.
struct NodeEncoder: Encoder {
  /// A node in the making.
  final class Target {
    enum Value {
      case node(Node)
      case sequence([Target])
      case mapping([(key: String, target: Target)])
    }

    var value = Value.mapping([])

    var node: Node {
      switch value {
      case .node(let node): node
      case .sequence(let targets): Node(.sequence(targets.map(\.node)))
      case .mapping(let entries): Node(.mapping(entries.map { Node.Entry(key: $0.key, value: $0.target.node) }))
      }
    }

    func item() -> Target {
      let target = Target()
      if case .sequence(let targets) = value { value = .sequence(targets + [target]) }
      return target
    }

    func entry(_ key: String) -> Target {
      let target = Target()
      if case .mapping(let entries) = value { value = .mapping(entries.filter { $0.key != key } + [(key, target)]) }
      return target
    }
  }

  let target: Target
  let codingPath: [any CodingKey]

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func write(_ value: some Encodable) throws {
    if let value = value as? any ScalarValue {
      target.value = .node(Node(.scalar(value.scalar)))
    } else {
      try value.encode(to: self)
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .mapping = target.value {} else { target.value = .mapping([]) }
    return KeyedEncodingContainer(Mapping<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .sequence = target.value {} else { target.value = .sequence([]) }
    return Items(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  private struct Mapping<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: NodeEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    private func child(_ key: any CodingKey) -> NodeEncoder {
      NodeEncoder(target: encoder.target.entry(key.documentName), codingPath: codingPath + [key])
    }

    func encodeNil(forKey key: Key) { child(key).encodeNil() }
    func encode(_ value: some Encodable, forKey key: Key) throws { try child(key).write(value) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<
      Nested
    > {
      child(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey key: Key) -> any Encoder { child(key) }
  }

  private struct Items: UnkeyedEncodingContainer {
    let encoder: NodeEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { if case .sequence(let targets) = encoder.target.value { targets.count } else { 0 } }

    private func child() -> NodeEncoder {
      NodeEncoder(target: encoder.target.item(), codingPath: codingPath + [IndexKey(count)])
    }

    func encodeNil() { child().encodeNil() }
    func encode(_ value: some Encodable) throws { try child().write(value) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
      child().container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { child().unkeyedContainer() }
    func superEncoder() -> any Encoder { child() }
  }
}

extension NodeEncoder: SingleValueEncodingContainer {
  func encodeNil() { target.value = .node(Node(.scalar(Scalar("null")))) }
  func encode(_ value: some Encodable) throws { try write(value) }
}
