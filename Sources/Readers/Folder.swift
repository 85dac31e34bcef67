import Foundation

/// A folder of a data set and the names in it.
struct Folder {
  let url: URL
  /// In numeric order: `S2` before `S10`. Hidden files are left out.
  let names: [String]

  /// - Parameter expected: What the folder should be, for the words of an error.
  /// - Throws: ``ReadError`` when it is missing, is a file or cannot be listed, and for a name in it that is no UTF-8: what cannot be named
  ///   is not absent.
  init(_ url: URL, expected: String) throws {
    guard let stream = opendir(url.path) else {
      let found =
        switch errno {
        case ENOENT: "no such folder"
        case ENOTDIR: "a file"
        default: "a folder that cannot be read (\(String(cString: strerror(errno))))"
        }
      throw ReadError(url, found: found, expected: expected)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let bytes = entry.pointee.nameBytes
      guard bytes.first != UInt8(ascii: ".") else { continue }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw ReadError(
          url, found: "a file with the name '\(Self.escaped(bytes))', which is no UTF-8",
          expected: "another name: rename it")
      }
      names.append(name)
      errno = 0
    }
    guard errno == 0 else {
      throw ReadError(
        url, found: "a folder that cannot be read (\(String(cString: strerror(errno))))", expected: expected)
    }
    self.init(url, names)
  }

  /// A folder that may be absent, or a file; then it holds nothing.
  ///
  /// - Throws: ``ReadError`` when it is there and cannot be read: what is in it is not absent.
  init(ifPresent url: URL) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue else {
      self.init(url, [])
      return
    }
    try self.init(url, expected: "one that may be read")
  }

  private init(_ url: URL, _ names: [String]) {
    self.url = url
    self.names = inNumericOrder(names)
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// The files named `<key><suffix>`, by key.
  func files(endingWith suffix: String) -> [String: URL] {
    var found: [String: URL] = [:]
    for name in names where name.hasSuffix(suffix) && name.count > suffix.count {
      found[String(name.dropLast(suffix.count))] = file(name)
    }
    return found
  }

  /// A name with the bytes that are no printable ASCII as `\xff`.
  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return (32..<127).contains(byte)
        ? String(Unicode.Scalar(byte)) : "\\x" + (digits.count < 2 ? "0" + digits : digits)
    }.joined()
  }
}

extension dirent {
  /// The name without the zero at its end.
  fileprivate var nameBytes: [UInt8] { withUnsafeBytes(of: d_name) { name in Array(name.prefix { $0 != 0 }) } }
}

/// Identifiers in numeric order.
func inNumericOrder(_ names: some Sequence<String>) -> [String] {
  names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
}
