extension Node {
  /// The node with values put in by options such as `training.epochs=3` or `tasks.0.weight=2`.
  ///
  /// The value is read as YAML. A key that is not there is added; the decoder refuses it where it is unknown, and names the option.
  ///
  /// - Parameters:
  ///   - assignments: A dotted path, `=` and the value, applied in order.
  ///   - option: What error messages put before an assignment.
  /// - Throws: ``YAMLError`` where an assignment has no `=`, its value is not YAML, or its path leads through a scalar or past a list.
  public func overriding(_ assignments: [String], option: String = "--set") throws -> Node {
    try assignments.reduce(self) { node, assignment in
      let origin = "\(option) \(assignment)"
      guard let equals = assignment.firstIndex(of: "=") else {
        throw YAMLError.override(origin, problem: "found no '=', expected key=value")
      }
      let path = assignment[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard path.allSatisfy({ !$0.isEmpty }) else {
        throw YAMLError.override(origin, problem: "found an empty name, expected key.key=value")
      }
      guard path.count <= YAML.maximumDepth else {
        throw YAMLError.override(origin, problem: "found \(path.count) names, expected at most \(YAML.maximumDepth)")
      }
      let value: Node
      do {
        value = try YAML.parse(String(assignment[assignment.index(after: equals)...]), path: origin)
      } catch YAMLError.syntax(_, let problem) {
        throw YAMLError.override(origin, problem: "the value is not YAML (\(problem)): text needs quotes here")
      }
      return try node.setting(path[...], of: path, to: value.moved(to: .option(origin)), origin: origin)
    }
  }

  /// The node with one value put in, as ``overriding(_:option:)`` does.
  ///
  /// - Parameters:
  ///   - path: Keys and indices with dots between them: `tasks.0.weight`.
  ///   - origin: What error messages begin with.
  /// - Throws: ``YAMLError`` where the path leads through a scalar or past a list.
  public func setting(_ path: String, to value: Node, origin: String) throws -> Node {
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return try setting(names[...], of: names, to: value, origin: origin)
  }

  private func setting(_ rest: ArraySlice<String>, of path: [String], to new: Node, origin: String) throws -> Node {
    guard let name = rest.first else { return new }
    let here = path.prefix(rest.startIndex).joined(separator: ".")
    let place = here.isEmpty ? "the document" : "'\(here)'"
    var result = self
    switch value {
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == name }) {
        entries[index].value = try entries[index].value.setting(rest.dropFirst(), of: path, to: new, origin: origin)
      } else {
        let empty = Node(.mapping([]), origin: new.origin)
        let value = try empty.setting(rest.dropFirst(), of: path, to: new, origin: origin)
        entries.append(Entry(key: name, origin: new.origin, value: value))
      }
      result.value = .mapping(entries)
    case .sequence(var nodes):
      guard let index = Int(name), nodes.indices.contains(index) else {
        let expected = nodes.isEmpty ? "nothing: the list is empty" : "an index from 0 to \(nodes.count - 1)"
        throw YAMLError.override(
          origin, problem: "found '\(name)' in \(place) (\(self.origin)), expected \(expected)")
      }
      nodes[index] = try nodes[index].setting(rest.dropFirst(), of: path, to: new, origin: origin)
      result.value = .sequence(nodes)
    case .scalar where isNull:
      let empty = Node(.mapping([]), origin: new.origin)
      return try empty.setting(rest, of: path, to: new, origin: origin)
    case .scalar:
      throw YAMLError.override(
        origin, problem: "\(place) is \(inWords) (\(self.origin)), expected a mapping or a list to set '\(name)' in")
    }
    return result
  }

  /// The same values as if they were written elsewhere.
  func moved(to origin: Origin) -> Node {
    switch value {
    case .scalar: Node(value, origin: origin)
    case .sequence(let nodes): Node(.sequence(nodes.map { $0.moved(to: origin) }), origin: origin)
    case .mapping(let entries):
      Node(
        .mapping(entries.map { Entry(key: $0.key, origin: origin, value: $0.value.moved(to: origin)) }),
        origin: origin)
    }
  }
}
