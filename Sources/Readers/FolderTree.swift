import Foundation

/// Every file below a folder, however deep.
struct FolderTree {
  let root: URL
  /// In numeric order of their paths; hidden files and folders are left out, links to folders are followed.
  let files: [URL]

  /// - Parameters:
  ///   - isDeep: Whether the folders in it are entered.
  ///   - expected: What the folder should be, for the words of an error.
  /// - Throws: ``ReadError`` when it is missing or a file, and when a folder below it cannot be read: what is in it is not absent.
  init(_ root: URL, isDeep: Bool = true, expected: String) throws {
    self.root = root
    var walk = Walk(root: root, expected: expected)
    try walk.enter(Folder(root, expected: expected), below: "", above: isDeep ? [] : nil)
    files = walk.paths.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { root.appendingPathComponent($0) }
  }

  /// The files whose names end so, in any case.
  func files(endingWith suffix: String) -> [URL] {
    files.filter { $0.lastPathComponent.lowercased().hasSuffix(suffix) }
  }
}

/// A walk through folders.
private struct Walk {
  let root: URL
  let expected: String
  private(set) var paths: [String] = []
  private var folders = 0

  /// Folders that link to each other can be entered in more orders than anyone can wait for.
  private static let mostFolders = 100_000

  init(root: URL, expected: String) {
    self.root = root
    self.expected = expected
  }

  /// - Parameters:
  ///   - prefix: The folder's path below the root, with a slash at its end.
  ///   - above: The real paths of the folders that it lies in, so that a link to one of them ends; `nil` to enter none.
  mutating func enter(_ folder: Folder, below prefix: String, above: Set<String>?) throws {
    let real = folder.url.resolvingSymlinksInPath().path
    guard above?.contains(real) != true else { return }
    folders += 1
    guard folders <= Self.mostFolders else {
      throw ReadError(
        root, found: "more than \(Self.mostFolders) folders", expected: "fewer: do folders here link to each other?")
    }
    for name in folder.names {
      let url = folder.file(name)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
        guard let above else { continue }
        try enter(Folder(url, expected: expected), below: prefix + name + "/", above: above.union([real]))
      } else {
        // A link that leads nowhere is a file that cannot be read, not one that is absent.
        paths.append(prefix + name)
      }
    }
  }
}
