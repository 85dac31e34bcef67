import Foundation
import Streams

/// One line of progress with an estimate, on standard error: rewritten in a terminal, else once in a while.
public final class Progress: @unchecked Sendable {
  private let title: String
  private let total: Int
  private let started = ContinuousClock.now
  private var done = 0
  private var note = ""
  private var printed: ContinuousClock.Instant?
  private let lock = NSLock()
  private let terminal = StandardError.isTerminal
  private let silent: Bool

  /// - Parameters:
  ///   - total: Steps in all.
  ///   - silent: Prints nothing, for tests and inner work.
  public init(_ title: String, total: Int, silent: Bool = false) {
    self.title = title
    self.total = total
    self.silent = silent
  }

  /// Counts steps; `note` stands behind the estimate, as the newest loss.
  public func advance(by steps: Int = 1, _ note: @autoclosure () -> String = "") {
    lock.withLock {
      done += steps
      guard !silent else { return }
      let now = ContinuousClock.now
      let interval: Duration = terminal ? .milliseconds(200) : .seconds(20)
      guard done >= total || printed.map({ now - $0 > interval }) ?? terminal else { return }
      let text = note()
      if !text.isEmpty { self.note = text }
      printed = now
      write(now)
    }
  }

  /// Ends the line.
  public func finish() {
    lock.withLock {
      guard !silent, terminal, printed != nil else { return }
      StandardError.endLine()
    }
  }

  private func write(_ now: ContinuousClock.Instant) {
    let line = Self.line(title: title, done: done, total: total, seconds: (now - started).seconds, note: note)
    if terminal { StandardError.show(line) } else { StandardError.say(line) }
  }

  package static func line(title: String, done: Int, total: Int, seconds: Double, note: String) -> String {
    let left = done > 0 ? seconds / Double(done) * Double(max(0, total - done)) : 0
    let estimate = done >= total ? "in \(duration(seconds))" : "\(duration(left)) left"
    return "\(title) \(done)/\(total), \(estimate)" + (note.isEmpty ? "" : ", \(note)")
  }

  /// `42 s`, `3 min 20 s`, `2 h 5 min`.
  public static func duration(_ seconds: Double) -> String {
    // What a file says of its length may be anything.
    guard let whole = Int(exactly: seconds.rounded()) else { return "\(seconds) s" }
    return switch whole {
    case ..<60: seconds < 10 ? String(format: "%.1f s", seconds) : "\(whole) s"
    case ..<3600: "\(whole / 60) min \(whole % 60) s"
    default: "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
  }
}

extension Duration {
  /// As a number of seconds.
  public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
