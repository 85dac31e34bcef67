public import Foundation
import Synchronization

/// Whether the user asked to stop (control-C, or a polite kill). Long work looks at it between steps, saves, and throws.
public enum Interruption {
  private static let asked = Atomic<Bool>(false)
  /// A stop that only this task hears of, for tests.
  @TaskLocal public static var isRehearsed = false

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

  public static var isRequested: Bool { isRehearsed || asked.load(ordering: .relaxed) }

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
