import Foundation

/// A folder of a data set and the names in it.
struct Folder {
  let url: URL
  /// In numeric order: `S2` before `S10`. Hidden files are left out.
  let names: [String]

  /// - Parameter expected: What the folder should be, for the words of an error.
  /// - Throws: ``ReadError`` when it is missing, is a file or cannot be listed.
  init(_ url: URL, expected: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw ReadError(url, found: "no such folder", expected: expected)
    }
    guard isFolder.boolValue else { throw ReadError(url, found: "a file", expected: expected) }
    do {
      self.init(url, try FileManager.default.contentsOfDirectory(atPath: url.path))
    } catch {
      // Opened once more, since Foundation does not keep why.
      let descriptor = open(url.path, O_RDONLY | O_DIRECTORY)
      let reason = descriptor < 0 ? String(cString: strerror(errno)) : error.localizedDescription
      if descriptor >= 0 { close(descriptor) }
      throw ReadError(url, found: "a folder that cannot be read (\(reason))", expected: expected)
    }
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
    self.names = inNumericOrder(names.filter { !$0.hasPrefix(".") })
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
}

/// Identifiers in numeric order.
func inNumericOrder(_ names: some Sequence<String>) -> [String] {
  names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
}
