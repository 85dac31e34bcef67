import Files
public import Foundation

/// A tensor to be written: its bytes row-major, little endian.
public struct SafetensorsItem: Sendable {
  public let name: String
  public let type: SafetensorsType
  public let shape: [Int]
  public let bytes: Data

  public init(name: String, type: SafetensorsType, shape: [Int], bytes: Data) {
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }
}

/// Writes safetensors files, byte for byte as Python's `safetensors` does.
public enum SafetensorsWriter {
  /// Writes the whole file or nothing.
  ///
  /// Wide types come first and names are in order within a type, so that all data is aligned; metadata is in order of its keys.
  ///
  /// - Throws: ``SafetensorsError``: a name that comes twice or is reserved, bytes that do not fill the shape; ``Files/DiskError``.
  public static func write(
    _ items: [SafetensorsItem], metadata: [String: String] = [:], to url: URL
  ) throws {
    let rank = Dictionary(
      uniqueKeysWithValues: SafetensorsType.allCases.enumerated().map { ($1, $0) })
    let items = items.sorted { left, right in
      left.type == right.type
        ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        : rank[left.type, default: 0] < rank[right.type, default: 0]
    }
    let header = try header(items, metadata, path: url.path)
    let file = try WholeFile(url)
    try file.append(header)
    for item in items { try file.append(item.bytes) }
    try file.finish()
  }

  /// The length and the JSON, padded with spaces to a multiple of 8.
  private static func header(
    _ items: [SafetensorsItem], _ metadata: [String: String], path: String
  ) throws(SafetensorsError) -> Data {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { quoted($0.key) + ":" + quoted($0.value) }
      members.append("\"__metadata__\":{" + pairs.joined(separator: ",") + "}")
    }
    var names: Set<String> = []
    var offset = 0
    for item in items {
      guard item.name != "__metadata__" else { throw .reservedName(path: path) }
      guard names.insert(item.name).inserted else { throw .duplicate(path: path, name: item.name) }
      guard let expected = item.type.bytes(ofShape: item.shape) else {
        throw .shape(path: path, name: item.name, shape: item.shape)
      }
      guard item.bytes.count == expected else {
        throw .size(
          path: path, name: item.name, bytes: item.bytes.count, expected: expected, type: item.type,
          shape: item.shape)
      }
      let shape = item.shape.map(String.init).joined(separator: ",")
      members.append(
        quoted(item.name) + ":{\"dtype\":\"\(item.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(offset + expected)]}")
      offset += expected
    }
    var json = Data("{\(members.joined(separator: ","))}".utf8)
    json.append(Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{8}": result += "\\b"
      case "\u{c}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
