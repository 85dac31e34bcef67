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
      throw ReadError(url, found: "'\(String(cString: strerror(errno)))'", expected: expected)
    }
  }

  /// A folder that may be absent; then it holds nothing.
  init(ifPresent url: URL) {
    self.init(url, (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [])
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
