package import Foundation

/// A file mapped into memory: only the pages that are read are brought in, and the kernel may drop them again.
package final class MappedFile: @unchecked Sendable {
  package let url: URL
  /// The whole file. Valid as long as this object lives.
  package let bytes: UnsafeRawBufferPointer

  /// - Parameter kind: What the file should be, for messages: `an EDF or BDF file`.
  /// - Throws: ``ReadError`` when there is no such file, it is a folder, empty or cannot be opened.
  package init(_ url: URL, expected kind: String) throws {
    self.url = url
    let descriptor = open(url.path, O_RDONLY)
    guard descriptor >= 0 else {
      let found =
        errno == ENOENT
        ? "nothing at this path" : "a file that cannot be opened (\(String(cString: strerror(errno))))"
      throw ReadError(url, found: found, expected: kind)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw ReadError(url, found: "a file of unknown size", expected: kind)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw ReadError(url, found: "a folder", expected: kind)
    default: throw ReadError(url, found: "a device", expected: kind)
    }
    guard status.st_size > 0 else { throw ReadError(url, found: "an empty file", expected: kind) }
    let length = Int(status.st_size)
    guard let base = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw ReadError(url, found: "a file that cannot be mapped (\(String(cString: strerror(errno))))", expected: kind)
    }
    bytes = UnsafeRawBufferPointer(start: base, count: length)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}
