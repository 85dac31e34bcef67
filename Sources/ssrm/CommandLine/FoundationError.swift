import Files
import Foundation
import Readers

extension CocoaError {
  /// What went wrong with a file, as the program says it elsewhere: Foundation leaves out the path or the reason. `nil` where it is about
  /// no file.
  var aboutFile: (any Error)? {
    guard let path = filePath ?? url?.path else { return nil }
    let cause = (underlying as? POSIXError)?.code.rawValue
    switch errorCode {
    case 256...511:
      let reason = cause.map { " (\(String(cString: strerror($0))))" } ?? ""
      return ReadError(
        URL(fileURLWithPath: path), found: "a file that cannot be read\(reason)",
        expected: "one that can: see whether it is there, and may be read")
    case 512...639: return DiskError(cause ?? EIO, path: path)
    case 640: return DiskError(ENOSPC, path: path)
    case 641...1023: return DiskError(cause ?? EROFS, path: path)
    default: return nil
    }
  }
}
