import CYAML

/// The events of libyaml, made into nodes.
struct Events {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeBufferPointer<UInt8>
  private let path: String

  /// - Parameter bytes: UTF-8 without a byte order mark, not empty; outlives this value.
  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
    parser = .allocate(capacity: 1)
    precondition(yaml_parser_initialize(parser) == 1, "out of memory")
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  func close() {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The only document; an empty one is a null at the start.
  mutating func document() throws -> Node {
    _ = try next()  // the stream's start
    guard case .document = try next().kind else {
      return Node(.scalar(Scalar("")), origin: .text(path: path, line: 1, column: 1))
    }
    let root = try node(at: try next(), depth: 0)
    _ = try next()  // the document's end
    let after = try next()
    if case .document = after.kind { throw YAMLError.secondDocument(at: after.origin) }
    return root
  }

  private mutating func node(at event: Event, depth: Int) throws -> Node {
    guard depth <= YAML.maximumDepth else {
      throw YAMLError.tooDeep(at: event.origin, limit: YAML.maximumDepth)
    }
    switch event.kind {
    case .scalar(let scalar):
      return Node(.scalar(scalar), origin: event.origin)
    case .sequence:
      var nodes: [Node] = []
      while true {
        let item = try next()
        if case .end = item.kind { break }
        nodes.append(try node(at: item, depth: depth + 1))
      }
      return Node(.sequence(nodes), origin: event.origin)
    case .mapping:
      return Node(.mapping(try entries(depth: depth + 1)), origin: event.origin)
    case .document, .end:
      throw YAMLError.syntax(at: event.origin, problem: "the document ends early")
    }
  }

  private mutating func entries(depth: Int) throws -> [Node.Entry] {
    var entries: [Node.Entry] = []
    var seen: [String: Origin] = [:]
    while true {
      let event = try next()
      if case .end = event.kind { return entries }
      guard case .scalar(let key) = event.kind, !key.isNull else {
        throw YAMLError.keyNotText(at: event.origin)
      }
      if let first = seen.updateValue(event.origin, forKey: key.text) {
        throw YAMLError.duplicateKey(at: event.origin, key: key.text, first: first)
      }
      let value = try node(at: try next(), depth: depth)
      entries.append(Node.Entry(key: key.text, origin: event.origin, value: value))
    }
  }

  // MARK: One event

  private struct Event {
    enum Kind { case document, scalar(Scalar), sequence, mapping, end }
    let kind: Kind
    let origin: Origin
  }

  private mutating func next() throws -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
    defer { yaml_event_delete(&event) }
    let origin = origin(of: event.start_mark)
    func refuse(anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?) throws {
      if let anchor { throw YAMLError.anchor(at: origin, name: "&" + String(cString: anchor)) }
      if let tag { throw YAMLError.tag(at: origin, name: String(cString: tag)) }
    }
    let kind: Event.Kind
    switch event.type {
    case YAML_DOCUMENT_START_EVENT:
      kind = .document
    case YAML_ALIAS_EVENT:
      throw YAMLError.anchor(at: origin, name: "*" + String(cString: event.data.alias.anchor))
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuse(anchor: scalar.anchor, tag: scalar.tag)
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      kind = .scalar(Scalar(text, isQuoted: scalar.style != YAML_PLAIN_SCALAR_STYLE))
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
      kind = .sequence
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
      kind = .mapping
    default:
      kind = .end
    }
    return Event(kind: kind, origin: origin)
  }

  private func origin(of mark: yaml_mark_t) -> Origin {
    .text(path: path, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func syntaxError() -> YAMLError {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
    if state.error == YAML_READER_ERROR {
      return .syntax(at: YAML.origin(ofByte: Int(state.problem_offset), in: bytes, path: path), problem: problem)
    }
    let context = state.context.map { " " + String(cString: $0) } ?? ""
    return .syntax(at: origin(of: state.problem_mark), problem: problem + context)
  }
}
