import Foundation

/// Every file below a folder, however deep.
struct FolderTree {
  let root: URL
  /// In numeric order of their paths; hidden files are left out.
  let files: [URL]

  /// - Parameter expected: What the folder should be, for the words of an error.
  /// - Throws: ``ReadError`` when it is missing or a file.
  init(_ root: URL, expected: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) else {
      throw ReadError(root, found: "no such folder", expected: expected)
    }
    guard isFolder.boolValue else { throw ReadError(root, found: "a file", expected: expected) }
    self.root = root
    var paths: [String] = []
    // Relative paths, so that a linked root keeps the name that the user gave.
    let walk = FileManager.default.enumerator(atPath: root.resolvingSymlinksInPath().path)
    while let path = walk?.nextObject() as? String {
      if !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { paths.append(path) }
    }
    files = paths.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { root.appendingPathComponent($0) }
  }

  /// The files whose names end so, in any case.
  func files(endingWith suffix: String) -> [URL] {
    files.filter { $0.lastPathComponent.lowercased().hasSuffix(suffix) }
  }
}
