/// Makes values of nodes, strictly: a key that the type never asked for is an error, and so is a value of another kind.
///
/// Keys in a document are `snake_case`, properties `camelCase`; synthesised `Decodable` needs nothing more. Values are resolved by the core
/// schema of YAML 1.2, except that a number or `true` is text where text is wanted.
public struct YAMLDecoder: Sendable {
  /// Nothing to set.
  public init() {}

  /// - Throws: ``YAMLError`` that begins with the place in the document.
  public func decode<Value: Decodable>(_ type: Value.Type, from node: Node) throws -> Value {
    try NodeDecoder(node).value(as: type)
  }
}

extension KeyedDecodingContainer {
  /// The value of a key, or `fallback` where the key is left out or empty.
  public func decode<Value: Decodable>(
    _ type: Value.Type, forKey key: Key, default fallback: @autoclosure () throws -> Value
  ) throws -> Value {
    try decodeIfPresent(type, forKey: key) ?? fallback()
  }
}

/// Nodes are themselves: a recipe may keep a part for later.
extension Node: Codable {
  /// - Throws: `DecodingError` from any decoder but ``YAMLDecoder``.
  public init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? NodeDecoder else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a YAML node is decoded by YAMLDecoder only"))
    }
    self = decoder.node
  }

  /// - Throws: `EncodingError` from any encoder but ``YAMLEncoder``.
  public func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? NodeEncoder else {
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: "a YAML node is encoded by YAMLEncoder only"))
    }
    encoder.target.value = .node(self)
  }
}
