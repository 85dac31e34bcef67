/// The checked header of a safetensors file.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [String: SafetensorsFile.Entry] = [:]

  /// - Parameters:
  ///   - file: The file's bytes up to the end of the header, as far as it has them, and at least 8.
  ///   - fileBytes: All that it has.
  init(_ file: UnsafeRawBufferPointer, fileBytes: Int, path: String) throws(SafetensorsError) {
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= SafetensorsFile.longestHeader else {
      throw .headerTooLong(path: path, length: length)
    }
    let dataStart = 8 + Int(length)
    guard fileBytes >= dataStart else { throw .truncated(path: path, bytes: fileBytes, expected: dataStart) }
    var scanner = SafetensorsScanner(
      bytes: UnsafeRawBufferPointer(rebasing: file[8..<dataStart]), path: path)
    var hasMetadata = false
    try scanner.object { (scanner, name) throws(SafetensorsError) in
      if name == "__metadata__" {
        guard !hasMetadata else { throw .duplicate(path: path, name: name) }
        hasMetadata = true
        metadata = try scanner.stringMap()
      } else {
        guard entries[name] == nil else { throw .duplicate(path: path, name: name) }
        entries[name] = try Self.entry(&scanner, name: name, dataStart: dataStart)
      }
    }
    try scanner.end()
    try checkCover(path: path, dataStart: dataStart, fileBytes: fileBytes)
  }

  private static func entry(
    _ scanner: inout SafetensorsScanner, name: String, dataStart: Int
  ) throws(SafetensorsError) -> SafetensorsFile.Entry {
    let path = scanner.path
    let start = scanner.position
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, key) throws(SafetensorsError) in
      switch key {
      case "dtype" where typeName == nil: typeName = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.integers()
      case "data_offsets" where offsets == nil: offsets = try scanner.integers()
      default: throw scanner.problem("'\(key)'", "dtype, shape and data_offsets, once each")
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
      throw .header(
        path: path, offset: start, found: "an incomplete entry for '\(name)'",
        expected: "dtype, shape and two data_offsets")
    }
    guard let type = SafetensorsType(rawValue: typeName) else {
      throw .unknownType(path: path, name: name, type: typeName)
    }
    guard let expected = type.bytes(ofShape: shape) else {
      throw .shape(path: path, name: name, shape: shape)
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin <= end else {
      throw .offsets(path: path, name: name, found: nil, expectedStart: begin)
    }
    guard end - begin == expected else {
      throw .size(
        path: path, name: name, bytes: end - begin, expected: expected, type: type, shape: shape)
    }
    let (fileEnd, overflow) = end.addingReportingOverflow(dataStart)
    guard !overflow else { throw .shape(path: path, name: name, shape: shape) }
    return SafetensorsFile.Entry(type: type, shape: shape, byteRange: begin + dataStart..<fileEnd)
  }

  private func checkCover(path: String, dataStart: Int, fileBytes: Int) throws(SafetensorsError) {
    let inOrder = entries.sorted {
      ($0.value.byteRange.lowerBound, $0.value.byteRange.upperBound, $0.key)
        < ($1.value.byteRange.lowerBound, $1.value.byteRange.upperBound, $1.key)
    }
    var covered = dataStart
    for (name, entry) in inOrder {
      guard entry.byteRange.lowerBound == covered else {
        let range = entry.byteRange
        throw .offsets(
          path: path, name: name, found: range.lowerBound - dataStart..<range.upperBound - dataStart,
          expectedStart: covered - dataStart)
      }
      covered = entry.byteRange.upperBound
    }
    guard fileBytes >= covered else {
      throw .truncated(path: path, bytes: fileBytes, expected: covered)
    }
    guard fileBytes == covered else { throw .trailing(path: path, bytes: fileBytes - covered) }
  }
}
