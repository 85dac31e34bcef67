public import Foundation

/// A file that grows piece by piece, such as a log. A piece that does not fit is not there at all, so that what is there can be read.
public final class GrowingFile {
  private let url: URL
  private let descriptor: Int32

  /// Opens a file to go on with, or makes it.
  ///
  /// - Throws: ``DiskError``.
  public init(_ url: URL) throws(DiskError) {
    self.url = url
    descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DiskError(errno, path: url.path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes at the end of what is there.
  ///
  /// - Throws: ``DiskError``.
  public func append(_ data: Data) throws(DiskError) {
    let before = lseek(descriptor, 0, SEEK_END)
    let code = data.withUnsafeBytes { writeAll($0, to: descriptor) }
    guard code == 0 else {
      if before >= 0 { ftruncate(descriptor, before) }
      throw DiskError(code, path: url.path)
    }
  }
}
