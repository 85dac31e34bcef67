public import Foundation

/// A format whose readers are to stand any bytes: small whole files of it, and how they are read.
public struct FuzzedFormat: Sendable {
  /// `edf`, `labels-csv`.
  public let name: String
  /// Whole files by their path below a folder.
  let files: [String: [UInt8]]
  /// The paths of those that are damaged.
  let damaged: [String]
  /// Words that mean something in the format.
  let words: [String]
  /// Reads all that the folder holds, as the program would.
  let read: @Sendable (_ folder: URL) throws -> Void

  /// - Parameter damaged: All files where `nil`.
  init(
    _ name: String, _ files: [String: [UInt8]], damaged: [String]? = nil, words: [String] = [],
    read: @escaping @Sendable (_ folder: URL) throws -> Void
  ) {
    self.name = name
    self.files = files
    self.damaged = damaged ?? files.keys.sorted()
    self.words = words
    self.read = read
  }

  /// Every format.
  ///
  /// - Parameter checkout: The folder with `Datasets` and `Recipes`, whose cards and recipes are damaged too.
  /// - Throws: Where the whole files cannot be made.
  public static func all(checkout: URL) throws -> [FuzzedFormat] {
    try signals() + labels() + texts() + arrays() + documents(checkout: checkout) + recipes(checkout: checkout)
      + containers(checkout: checkout) + stored() + runs()
  }
}

extension FuzzedFormat {
  /// Writes files below a folder, which is emptied first.
  func write(_ files: [String: [UInt8]], to folder: URL) throws {
    try? FileManager.default.removeItem(at: folder)
    for (path, bytes) in files {
      let url = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }

  /// Makes the whole files of a format in a folder and takes them.
  static func files(_ write: (URL) throws -> Void) throws -> [String: [UInt8]] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(folder)
    var files: [String: [UInt8]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let url = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      files[path] = Array(try Data(contentsOf: url))
    }
    return files
  }
}
