import Foundation
import SleepCore

/// The decoder of one node.
struct NodeDecoder: InlineDecoder {
  let node: Node
  let codingPath: [any CodingKey]
  /// The path as the document has it; an error message names its end.
  private let names: [String]
  /// The mappings that were asked for keys, to be checked once the value is there.
  private let audits: KeyAudits
  /// The range of the number that this is, or of each number of the list.
  let range: NumberRange?
  /// The ranges of the numbers of the mapping that this is.
  private let ranges: NumberRanges?
  /// What an item of a list of the mapping that this is is called, by the list's key.
  private let items: [String: String]
  /// What an item of the list that this is is called.
  private let item: String?
  /// Which item of a list this is, in the words of an error message: `arm 2 ('frozen')`.
  private let part: String?

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ node: Node) { self.init(node, codingPath: [], names: [], audits: KeyAudits()) }

  private init(
    _ node: Node, codingPath: [any CodingKey], names: [String], audits: KeyAudits, range: NumberRange? = nil,
    ranges: NumberRanges? = nil, items: [String: String] = [:], item: String? = nil, part: String? = nil
  ) {
    self.node = node
    self.codingPath = codingPath
    self.names = names
    self.audits = audits
    self.range = range
    self.ranges = ranges
    self.items = items
    self.item = item
    self.part = part
  }

  func child(_ node: Node, key: any CodingKey) -> NodeDecoder {
    NodeDecoder(
      node, codingPath: codingPath + [key], names: names + [key.documentName], audits: audits,
      range: ranges.map { $0[key.stringValue] } ?? range, item: key is IndexKey ? nil : items[key.documentName],
      part: (key as? IndexKey)?.intValue.flatMap { index in item.map { node.called($0, index: index) } })
  }

  /// The node's name in an error message: `'epochs'`, `'tasks.0'`, `arm 2`.
  var name: String {
    if let part { return part }
    guard let last = codingPath.last else { return "the document" }
    let words = last is IndexKey ? names.suffix(2) : names.suffix(1)
    return "'\(words.joined(separator: "."))'"
  }

  func wrongType(expected: String) -> YAMLError {
    .wrongType(at: node.origin, name: name, found: node.inWords, expected: expected)
  }

  /// - Throws: ``YAMLError`` that says which item of a list it is of, where that has a name.
  func value<Value: Decodable>(as type: Value.Type) throws -> Value {
    guard let part else { return try whole(type) }
    do { return try whole(type) } catch let error as YAMLError { throw error.inside(part, at: node.origin) }
  }

  private func whole<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let type = type as? any ScalarValue.Type, let value = try type.init(node, name: name, range: range) as? Value {
      return value
    }
    if let type = type as? any ClosedKeys.Type { try checkKeys(among: type.allowedKeys) }
    let audits = KeyAudits()
    let decoder = NodeDecoder(
      try filled(for: type), codingPath: codingPath, names: names, audits: audits, range: range,
      ranges: (type as? any Ranged.Type)?.ranges, items: (type as? any Ranged.Type)?.items ?? [:], item: item,
      part: part)
    let value: Value
    do { value = try Value(from: decoder) } catch { throw located(error, type) }
    try audits.check()
    if let conflict = (value as? any Ranged)?.conflict { throw located(conflict, items: decoder.items) }
    return value
  }

  /// Settings whose keys stand in this mapping, beside others: what they ask for is known to all that read it.
  func inlined<Value: Settings>(_ type: Value.Type) throws -> Value {
    let decoder = NodeDecoder(
      try filled(for: type), codingPath: codingPath, names: names, audits: audits, range: range, ranges: type.ranges,
      items: type.items)
    let value: Value
    do { value = try Value(from: decoder) } catch { throw located(error, type) }
    if let conflict = value.conflict { throw located(conflict) }
    return value
  }

  private func located(_ misfit: Misfit, items: [String: String] = [:]) -> YAMLError {
    .misfit(
      at: node.place(of: [misfit.key] + misfit.others), name: name(of: misfit.key, items), found: misfit.found,
      expected: misfit.expected)
  }

  /// The name of a value within this in an error message; this one's own of no key.
  ///
  /// - Parameter items: What an item of one of this one's lists is called, by the list's key.
  private func name(of key: String, _ items: [String: String]) -> String {
    let names = key.split(separator: ".").map(String.init)
    guard let list = names.first else { return name }
    if names.count == 2, let item = items[list], let index = Int(names[1]), let node = node[list]?[index] {
      return node.called(item, index: index)
    }
    return "'\(key)'"
  }

  /// The node with the left-out keys of a type that has defaults.
  private func filled(for type: any Decodable.Type) throws -> Node {
    guard let type = type as? any Settings.Type, case .mapping(var entries) = node.value,
      case .mapping(let defaults) = try YAMLEncoder().encode(type.init()).value
    else { return node }
    for entry in defaults where node[entry.key] == nil {
      entries.append(Node.Entry(key: entry.key, origin: node.origin, value: entry.value.moved(to: node.origin)))
    }
    return Node(.mapping(entries), origin: node.origin)
  }

  private func checkKeys(among allowed: [String]) throws {
    guard case .mapping(let entries) = node.value else { return }
    for entry in entries where !allowed.contains(entry.key) {
      throw YAMLError.unknownKey(at: entry.origin, key: entry.key, known: allowed)
    }
  }

  /// The error of a type's own initialiser, with the place in the document.
  private func located(_ error: any Error, _ type: any Decodable.Type) -> YAMLError {
    if let error = error as? YAMLError { return error }
    if let misfit = error as? Misfit { return located(misfit) }
    guard let error = error as? DecodingError else {
      return .invalid(at: node.origin, name: name, found: node.inWords, reason: error.localizedDescription)
    }
    if case .scalar(let scalar) = node.value, let type = type as? any (CaseIterable & RawRepresentable).Type {
      return .notOneOf(at: node.origin, name: name, found: scalar.excerpt, allowed: rawValues(of: type))
    }
    var culprit = self
    let context = error.context
    if context.codingPath.count > codingPath.count {
      let key = context.codingPath[codingPath.count]
      if let value = node[key.documentName] { culprit = child(value, key: key) }
    }
    return .invalid(
      at: culprit.node.origin, name: culprit.name, found: culprit.node.inWords, reason: context.debugDescription)
  }

  private func rawValues<Choice: CaseIterable & RawRepresentable>(of type: Choice.Type) -> [String] {
    type.allCases.map { "\($0.rawValue)" }
  }

  // MARK: Decoder

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .mapping(let entries) = node.value else { throw wrongType(expected: "a mapping") }
    return KeyedDecodingContainer(
      MappingContainer<Key>(decoder: self, entries: entries, audit: audits.audit(of: entries, at: names)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .sequence(let nodes) = node.value else { throw wrongType(expected: "a list") }
    if let range, let count = range.count, let expected = range.countWords, !count.contains(nodes.count) {
      throw YAMLError.misfit(at: node.origin, name: name, found: "a list of \(nodes.count)", expected: expected)
    }
    return SequenceContainer(decoder: self, nodes: nodes)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension NodeDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { node.isNull }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value(as: type) }
}

/// A dictionary whose keys are the cases of an enumeration.
private protocol ClosedKeys {
  static var allowedKeys: [String] { get }
}

extension Dictionary: ClosedKeys
where Key: CaseIterable & RawRepresentable & CodingKeyRepresentable, Key.RawValue == String {
  static var allowedKeys: [String] { Key.allCases.map(\.rawValue) }
}

extension DecodingError {
  fileprivate var context: Context {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      context
    @unknown default: Context(codingPath: [], debugDescription: "\(self)")
    }
  }
}
