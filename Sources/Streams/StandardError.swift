import Files
import Foundation
import SleepCore
import Synchronization

/// Standard error: what a user should know of how things go. Nothing depends on whether anybody reads it.
public enum StandardError {
  /// Whether the terminal's last line is one that is rewritten.
  private static let isLineOpen = Mutex(false)

  /// Whether a person looks on.
  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Says something in a line of its own, whatever ends of lines are in it.
  public static func say(_ text: String) {
    isLineOpen.withLock { isOpen in
      write((isOpen ? "\n" : "") + line(text) + "\n")
      isOpen = false
    }
  }

  /// Shows a line in the place of the one that was shown before.
  public static func show(_ text: String) {
    isLineOpen.withLock { isOpen in
      write("\r\u{1B}[K" + line(text))
      isOpen = true
    }
  }

  /// Ends a line that was shown, if there is one.
  public static func endLine() {
    isLineOpen.withLock { isOpen in
      if isOpen { write("\n") }
      isOpen = false
    }
  }

  private static func line(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: "; ").visibleLine
  }

  private static func write(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { writeAll($0, to: STDERR_FILENO) }
  }
}
