import CHDF5
import Foundation

/// libhdf5, which is used by one thread at a time.
enum HDF5Library {
  private static let lock = NSLock()

  /// Opens a file, hands it on, and closes it with all that is open of it.
  ///
  /// - Returns: `nil` where the library cannot open it.
  static func reading<Result>(_ url: URL, _ body: (hid_t) throws -> Result) rethrows -> Result? {
    lock.lock()
    defer { lock.unlock() }
    guard hdf5_begin() >= 0 else { return nil }
    let file = hdf5_open(url.path)
    guard file >= 0 else { return nil }
    defer { H5Fclose(file) }
    return try body(file)
  }
}
