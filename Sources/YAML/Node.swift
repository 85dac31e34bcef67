/// Where a value was written.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  /// Line and column are counted from 1, columns in code points.
  case text(path: String, line: Int, column: Int)
  /// An option of the command line, as it was given: `--set training.epochs=3`.
  case option(String)
  /// A value of the program's own.
  case encoded

  /// As an error message begins: `recipe.yaml:3:7`, `--set training.epochs=3`.
  public var description: String {
    switch self {
    case .text(let path, let line, let column): "\(path):\(line):\(column)"
    case .option(let option): option
    case .encoded: "encoded value"
    }
  }
}

/// A value of a YAML document, with the place where it was written. Two nodes are equal when their values are, wherever they stand.
public struct Node: Sendable, Equatable {
  /// What a node holds.
  public enum Value: Sendable, Equatable {
    case scalar(Scalar)
    case sequence([Node])
    /// In the order of the document; no key stands twice.
    case mapping([Entry])
  }

  /// A key of a mapping and its value.
  public struct Entry: Sendable, Equatable {
    /// As written, without quotes.
    public let key: String
    /// Where the key was written.
    public let origin: Origin
    /// What stands after the colon.
    public var value: Node

    /// A key of the program's own, unless `origin` says where it was written.
    public init(key: String, origin: Origin = .encoded, value: Node) {
      self.key = key
      self.origin = origin
      self.value = value
    }

    /// Equal keys and values, wherever they stand.
    public static func == (left: Entry, right: Entry) -> Bool {
      left.key == right.key && left.value == right.value
    }
  }

  /// What it holds.
  public var value: Value
  /// Where it was written.
  public var origin: Origin

  /// A value of the program's own, unless `origin` says where it was written.
  public init(_ value: Value, origin: Origin = .encoded) {
    self.value = value
    self.origin = origin
  }

  /// Equal values, wherever they stand.
  public static func == (left: Node, right: Node) -> Bool { left.value == right.value }

  /// The line where it was written, from 1; `nil` where it is not from a document.
  public var line: Int? {
    if case .text(_, let line, _) = origin { line } else { nil }
  }

  /// The column where it was written, from 1; `nil` where it is not from a document.
  public var column: Int? {
    if case .text(_, _, let column) = origin { column } else { nil }
  }

  /// The value of a key; `nil` where this is no mapping or has no such key.
  public subscript(key: String) -> Node? {
    guard case .mapping(let entries) = value else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The value at an index; `nil` where this is no sequence or is shorter.
  public subscript(index: Int) -> Node? {
    guard case .sequence(let nodes) = value, nodes.indices.contains(index) else { return nil }
    return nodes[index]
  }

  /// The place that an error about several keys names: that of the first one that an option has put in, otherwise of the
  /// first one that was written, otherwise of this.
  ///
  /// - Parameter paths: Keys and indices with dots between them.
  func place(of paths: [String]) -> Origin {
    let places = paths.compactMap { path in
      path.split(separator: ".").reduce(Node?.some(self)) { node, name in
        node?[String(name)] ?? Int(name).flatMap { node?[$0] }
      }?.origin
    }
    return places.first { if case .option = $0 { true } else { false } } ?? places.first { $0 != .encoded } ?? origin
  }

  /// What an error message calls this item of a list: `arm 2`, and `arm 2 ('frozen')` where it has a name.
  func called(_ item: String, index: Int) -> String {
    guard case .scalar(let name)? = self["name"]?.value, !name.isNull else { return "\(item) \(index + 1)" }
    return "\(item) \(index + 1) ('\(name.excerpt)')"
  }

  /// Whether this is an unquoted `null`, `~` or nothing.
  public var isNull: Bool {
    if case .scalar(let scalar) = value { scalar.isNull } else { false }
  }

  /// What it is, in the words of an error message.
  var inWords: String {
    switch value {
    case .scalar(let scalar) where scalar.isNull: "empty"
    case .scalar(let scalar): scalar.isQuoted ? "the quoted text '\(scalar.excerpt)'" : "'\(scalar.excerpt)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
