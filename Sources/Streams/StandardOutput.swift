public import Files
import Foundation
import SleepCore

/// Standard output: what a user asked for. All of it arrives, or an error says that it did not.
public enum StandardOutput {
  /// Writes text, without what would steer a terminal; see `String.visible`.
  ///
  /// A reader that has gone away, such as `head`, ends the program as it ends every other: quietly, by the signal for it.
  ///
  /// - Throws: ``Files/DiskError``.
  public static func write(_ text: String) throws(DiskError) {
    let bytes = Array(text.visible.utf8)
    let code = bytes.withUnsafeBytes { writeAll($0, to: STDOUT_FILENO) }
    if code == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    guard code == 0 else { throw DiskError(code, path: "standard output") }
  }

  /// Writes text and ends its line.
  ///
  /// - Throws: ``Files/DiskError``.
  public static func print(_ line: String) throws(DiskError) { try write(line + "\n") }
}
