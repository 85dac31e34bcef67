import Foundation
import Synchronization

/// The first error of several threads.
package final class FirstFailure: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  package init() {}

  package var error: (any Error)? { first.withLock { $0 } }

  package func record(_ error: any Error) {
    first.withLock { if $0 == nil { $0 = error } }
  }
}

/// Runs `body` on so many threads and waits for all.
package func runConcurrently(_ count: Int, _ body: @escaping @Sendable () -> Void) {
  let group = DispatchGroup()
  for _ in 0..<count {
    group.enter()
    let thread = Thread {
      body()
      group.leave()
    }
    thread.stackSize = 16 << 20
    thread.start()
  }
  group.wait()
}
