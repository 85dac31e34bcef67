import Files
public import Foundation

/// Reads documents of the part of YAML that configuration needs: one document, no anchors, aliases or tags, no key twice.
public enum YAML {
  /// The most bytes of a document.
  public static let maximumBytes = 4 << 20
  /// The most levels of a document.
  public static let maximumDepth = 64

  /// Reads a file. Error messages begin with its path as it is given.
  ///
  /// - Throws: ``YAMLError`` where it cannot be read, is too large or not UTF-8, or is not a document of this part of YAML.
  public static func load(contentsOf url: URL) throws -> Node {
    let path = url.relativePath
    let bytes: [UInt8]
    do { bytes = try InputFile(url).bytes(atMost: maximumBytes) } catch {
      if case .tooLarge(let bytes, let limit) = error.problem {
        throw YAMLError.tooLarge(path: path, bytes: bytes, limit: limit)
      }
      throw YAMLError.unreadable(path: path, found: error.found)
    }
    return try parse(bytes: bytes, path: path)
  }

  /// Reads a text.
  ///
  /// - Parameter path: What error messages call it.
  /// - Throws: ``YAMLError`` where it is too large or not a document of this part of YAML.
  public static func parse(_ text: String, path: String = "text") throws -> Node {
    try parse(bytes: Array(text.utf8), path: path)
  }

  private static func parse(bytes: [UInt8], path: String) throws -> Node {
    guard bytes.count <= maximumBytes else {
      throw YAMLError.tooLarge(path: path, bytes: bytes.count, limit: maximumBytes)
    }
    if let offset = firstInvalid(in: bytes) {
      throw YAMLError.notUTF8(at: origin(ofByte: offset, in: bytes, path: path))
    }
    let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes[...]
    guard !text.isEmpty else {
      return Node(.scalar(Scalar("")), origin: .text(path: path, line: 1, column: 1))
    }
    return try text.withUnsafeBufferPointer { buffer in
      var events = Events(buffer, path: path)
      defer { events.close() }
      return try events.document()
    }
  }

  private static func firstInvalid(in bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .valid(let encoded) = parser.parseScalar(from: &iterator) { offset += encoded.count }
    return offset
  }

  /// Where a byte stands, counted in lines and code points.
  static func origin(ofByte offset: Int, in bytes: some Collection<UInt8>, path: String) -> Origin {
    var (line, column) = (1, 1)
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if byte & 0xc0 != 0x80 {
        column += 1
      }
    }
    return .text(path: path, line: line, column: column)
  }
}
