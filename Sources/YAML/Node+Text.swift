import CYAML

extension Node {
  /// The document as text that reads back as an equal node: block style, lists of scalars on one line.
  public var text: String {
    let output = Output()
    var emitter = yaml_emitter_t()
    precondition(yaml_emitter_initialize(&emitter) == 1, "out of memory")
    defer { yaml_emitter_delete(&emitter) }
    return withExtendedLifetime(output) {
      let write: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int) -> Int32 = {
        output, bytes, count in
        guard let output else { return 0 }
        Unmanaged<Output>.fromOpaque(output).takeUnretainedValue().bytes += UnsafeBufferPointer(
          start: bytes, count: count)
        return 1
      }
      yaml_emitter_set_output(&emitter, write, Unmanaged.passUnretained(output).toOpaque())
      yaml_emitter_set_unicode(&emitter, 1)
      yaml_emitter_set_width(&emitter, -1)

      var event = yaml_event_t()
      yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)
      yaml_emitter_emit(&emitter, &event)
      yaml_document_start_event_initialize(&event, nil, nil, nil, 1)
      yaml_emitter_emit(&emitter, &event)
      emit(to: &emitter)
      yaml_document_end_event_initialize(&event, 1)
      yaml_emitter_emit(&emitter, &event)
      yaml_stream_end_event_initialize(&event)
      yaml_emitter_emit(&emitter, &event)
      return String(decoding: output.bytes, as: UTF8.self)
    }
  }

  private final class Output { var bytes: [UInt8] = [] }

  private func emit(to emitter: inout yaml_emitter_t) {
    var event = yaml_event_t()
    switch value {
    case .scalar(let scalar):
      scalar.emit(to: &emitter)
    case .sequence(let nodes):
      let isFlat = nodes.allSatisfy { if case .scalar = $0.value { true } else { false } }
      yaml_sequence_start_event_initialize(
        &event, nil, nil, 1, isFlat ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE)
      yaml_emitter_emit(&emitter, &event)
      for node in nodes { node.emit(to: &emitter) }
      yaml_sequence_end_event_initialize(&event)
      yaml_emitter_emit(&emitter, &event)
    case .mapping(let entries):
      yaml_mapping_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE)
      yaml_emitter_emit(&emitter, &event)
      for entry in entries {
        entry.key.scalar.emit(to: &emitter)
        entry.value.emit(to: &emitter)
      }
      yaml_mapping_end_event_initialize(&event)
      yaml_emitter_emit(&emitter, &event)
    }
  }
}

extension Scalar {
  fileprivate func emit(to emitter: inout yaml_emitter_t) {
    var event = yaml_event_t()
    let shown = isNull ? "null" : text
    let style = isQuoted && !Scalar(text).resolvesToText ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE
    var bytes = Array(shown.utf8)
    let count = Int32(bytes.count)
    bytes.append(0)
    bytes.withUnsafeMutableBufferPointer { bytes in
      _ = yaml_scalar_event_initialize(&event, nil, nil, bytes.baseAddress, count, 1, 1, style)
    }
    yaml_emitter_emit(&emitter, &event)
  }
}
