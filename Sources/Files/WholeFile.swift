public import Foundation

/// A file that has its name only when all of it is there and on the disk.
///
/// It is written under another name beside its own, synced and renamed. What stopped half-way leaves the old file as it was, and at
/// most a file whose name begins with ``OwnName/prefix``.
public final class WholeFile {
  /// Where it will be.
  public let url: URL
  private let temporary: String
  private let descriptor: Int32
  private let sync: Sync
  private var isOpen = true

  /// What is brought onto the disk when a file gets its name.
  public enum Sync: Sendable {
    case fileAndName
    /// The name is left to whoever syncs the folder when that is whole.
    case file
    /// Nothing, of what nobody needs any more once the processes are gone.
    case none
  }

  /// Opens the file under its other name.
  ///
  /// - Throws: ``DiskError``.
  public init(_ url: URL, sync: Sync = .fileAndName) throws(DiskError) {
    (self.url, self.sync) = (url, sync)
    temporary = url.deletingLastPathComponent().appendingPathComponent(OwnName.unfinished()).path
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      isOpen = false
      throw DiskError(errno, path: url.path)
    }
  }

  deinit {
    guard isOpen else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes at the end of what is there.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(DiskError) {
    let code = writeAll(bytes, to: descriptor)
    guard code == 0 else { throw DiskError(code, path: url.path) }
  }

  /// Writes at the end of what is there.
  public func append(_ data: Data) throws(DiskError) {
    let result = data.withUnsafeBytes { bytes in Result { () throws(DiskError) in try append(bytes) } }
    try result.get()
  }

  /// Writes over what is at the file's start, such as a header that says how much came after it.
  public func overwriteStart(_ data: Data) throws(DiskError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw DiskError(errno, path: url.path) }
    try append(data)
    guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw DiskError(errno, path: url.path) }
  }

  /// Gives it its name. Nothing may be written to it afterwards.
  public func finish() throws(DiskError) {
    guard sync == .none || fsync(descriptor) == 0 || errno == EINVAL else { throw DiskError(errno, path: url.path) }
    isOpen = false
    guard close(descriptor) == 0 else {
      let code = errno
      unlink(temporary)
      throw DiskError(code, path: url.path)
    }
    guard rename(temporary, url.path) == 0 else {
      let code = errno
      unlink(temporary)
      throw DiskError(code, path: url.path)
    }
    if sync == .fileAndName { url.deletingLastPathComponent().syncFolder() }
  }
}

extension Data {
  /// Writes the whole file, or nothing; see ``WholeFile``.
  ///
  /// - Throws: ``DiskError``.
  public func writeWhole(to url: URL, sync: WholeFile.Sync = .fileAndName) throws(DiskError) {
    let file = try WholeFile(url, sync: sync)
    try file.append(self)
    try file.finish()
  }
}

extension URL {
  /// Brings the names in a folder onto the disk. Not every file system can; then they are there as soon as it likes.
  package func syncFolder() {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
