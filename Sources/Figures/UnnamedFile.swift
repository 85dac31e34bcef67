import Foundation

/// A file that nobody else can open, and that is gone with the program however that ends: it has no name, and its mode is 0600.
struct UnnamedFile {
  let handle: FileHandle

  /// - Throws: ``FigureError/noScratch(path:reason:)``.
  init() throws(FigureError) {
    let pattern = FileManager.default.temporaryDirectory.appendingPathComponent("XXXXXX").path
    var path = Array(pattern.utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw .noScratch(path: pattern, reason: String(cString: strerror(errno))) }
    unlink(path)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Writes what is then read from the beginning.
  func write(_ data: Data) throws(FigureError) {
    do {
      try handle.write(contentsOf: data)
      try handle.seek(toOffset: 0)
    } catch {
      throw .noScratch(path: FileManager.default.temporaryDirectory.path, reason: error.localizedDescription)
    }
  }

  /// All that was written, by whomever.
  func contents() throws -> Data {
    try handle.seek(toOffset: 0)
    return try handle.readToEnd() ?? Data()
  }
}
