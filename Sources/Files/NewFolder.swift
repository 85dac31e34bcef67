public import Foundation

extension URL {
  /// Fills a new folder under another name, and gives it this one when it is whole; without that nothing is left.
  ///
  /// The folder is kept for the caller meanwhile: a second one that wants it is refused. Nothing is ever removed that was not written by
  /// this call, or by an earlier one that was killed.
  ///
  /// - Throws: ``Taken`` where something is there, at the beginning or at the end, ``Busy``, ``DiskError``, and what `body` threw.
  public func writingWhole<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let files = FileManager.default
    let target = absoluteURL.resolvingSymlinksInPath()
    let (parent, name) = (target.deletingLastPathComponent(), target.lastPathComponent)
    // Where it is not filled in the end, a folder that we made is taken away, if it is empty.
    var isLeft = try target.makeFolder()
    defer { if isLeft { rmdir(target.path) } }
    let lock = try FolderLock(target)
    guard try target.strangers().isEmpty else { throw Taken(path: path) }
    // Whoever was killed while it said who it was has left what is not whole.
    for name in try files.contentsOfDirectory(atPath: target.path) where OwnName.isOwn(name) && name != FolderLock.name
    {
      try files.removeItem(at: target.appendingPathComponent(name))
    }
    let temporary = parent.appendingPathComponent(OwnName.unfinished(name))
    // Whoever left it behind did not end: the folder is ours.
    if files.fileExists(atPath: temporary.path) { try files.removeItem(at: temporary) }
    guard mkdir(temporary.path, 0o777) == 0 else { throw DiskError(errno, path: temporary.path) }
    let result: Result
    do { result = try body(temporary) } catch {
      try? files.removeItem(at: temporary)
      lock.withdraw()
      throw error
    }
    temporary.syncFolder()
    lock.withdraw()
    // The system replaces an empty folder, and no other.
    guard rename(temporary.path, target.path) == 0 else {
      let code = errno
      guard code == ENOTEMPTY || code == EEXIST else {
        try? files.removeItem(at: temporary)
        throw DiskError(code, path: path)
      }
      throw Taken(path: path, result: try temporary.renamedBeside(target).path)
    }
    isLeft = false
    parent.syncFolder()
    return result
  }

  /// Makes the folder, and those above it.
  ///
  /// - Returns: Whether it was not there.
  /// - Throws: ``DiskError``.
  public func makeFolder() throws -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    if errno == EEXIST {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        throw DiskError(ENOTDIR, path: path)
      }
      return false
    }
    guard errno == ENOENT else { throw DiskError(errno, path: path) }
    let parent = deletingLastPathComponent()
    guard parent.path != path else { throw DiskError(ENOENT, path: path) }
    _ = try parent.makeFolder()
    return try makeFolder()
  }

  /// What is in a folder that the program has not put there for itself; nothing where there is no folder.
  ///
  /// - Throws: ``DiskError`` where it is there and cannot be read.
  public func strangers() throws -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).filter { !OwnName.isOwn($0) }.sorted()
    } catch {
      throw DiskError.unwritable(path: path, reason: "it is no folder that may be read")
    }
  }

  /// Gives a folder the first free name `<name>-2`, `<name>-3`, so that what was made is not lost.
  private func renamedBeside(_ target: URL) throws -> URL {
    for number in 2... {
      let other = URL(fileURLWithPath: "\(target.path)-\(number)")
      guard !FileManager.default.fileExists(atPath: other.path) else { continue }
      if rename(path, other.path) == 0 { return other }
      guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR else { throw DiskError(errno, path: other.path) }
    }
    return self
  }
}

/// A folder that was to be new, and in which something is.
public struct Taken: Error, Equatable, LocalizedError {
  public let path: String
  /// Where the result is, if something was put into the folder while it was made.
  public let result: String?

  public init(path: String, result: String? = nil) { (self.path, self.result) = (path, result) }

  public var errorDescription: String? {
    if let result {
      return
        "\(path): found files that were put there meanwhile, expected an empty folder: the result is whole, in \(result)"
    }
    return "\(path): found a folder that is not empty, expected a new one: name another with --out"
  }
}
