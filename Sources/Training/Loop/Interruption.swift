public import Foundation
import Synchronization

/// Whether the user asked to stop (control-C, or a polite kill). Long work looks at it between steps, saves, and throws.
public enum Interruption {
  private static let asked = Atomic<Bool>(false)
  /// Asked in place of the user, for tests: only this task hears of it.
  @TaskLocal package static var rehearsal: Rehearsal?

  /// A user who asks to stop once the question was put so many times.
  package final class Rehearsal: Sendable {
    private let left: Atomic<Int>

    package init(after questions: Int) { left = Atomic(questions) }

    fileprivate var isOver: Bool { left.subtract(1, ordering: .relaxed).oldValue <= 0 }
  }

  /// From now on the first SIGINT or SIGTERM is only noted; the second ends the program.
  public static func install() {
    // Whoever was started from another program's worker thread inherits the signals that it blocks.
    var signals = sigset_t()
    sigemptyset(&signals)
    defer { pthread_sigmask(SIG_UNBLOCK, &signals, nil) }
    for number in [SIGINT, SIGTERM] {
      sigaddset(&signals, number)
      signal(number) { number in
        Interruption.asked.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  public static var isRequested: Bool { rehearsal?.isOver ?? asked.load(ordering: .relaxed) }

  /// - Throws: ``Interrupted`` when a stop was asked for.
  public static func check() throws { if isRequested { throw Interrupted() } }
}

/// The user asked to stop.
public struct Interrupted: Error, LocalizedError {
  /// What is kept, and how to go on.
  private let advice: String?

  public init(_ advice: String? = nil) { self.advice = advice }

  public var errorDescription: String? { advice.map { "interrupted \($0)" } ?? "interrupted" }
}
