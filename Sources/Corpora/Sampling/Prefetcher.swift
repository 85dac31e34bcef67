import Foundation

/// Reads the next batches on a thread of its own while the model works on the last.
///
/// The order is that of the plans, whatever the threads do.
public final class Prefetcher: Sendable {
  private let state: Shared

  private final class Shared: @unchecked Sendable {
    // Everything below is read and written with `condition` locked.
    let condition = NSCondition()
    var ready: [Result<Batch, any Error>] = []
    var remaining: Int
    var stopped = false

    init(_ count: Int) { remaining = count }
  }

  /// - Parameter depth: Batches read ahead.
  public init(_ plans: [BatchPlan], reader: BatchReader, depth: Int = 2) {
    precondition(depth > 0, "batches to read ahead")
    let state = Shared(plans.count)
    self.state = state
    Thread.detachNewThread {
      for plan in plans {
        state.condition.lock()
        while state.ready.count >= depth, !state.stopped { state.condition.wait() }
        let stopped = state.stopped
        state.condition.unlock()
        if stopped { return }
        let batch = Result { try reader.read(plan) }
        state.condition.lock()
        state.ready.append(batch)
        state.condition.broadcast()
        state.condition.unlock()
      }
    }
  }

  deinit {
    state.condition.lock()
    state.stopped = true
    state.condition.broadcast()
    state.condition.unlock()
  }

  /// The next batch; `nil` after the last.
  ///
  /// - Throws: What reading it threw.
  public func next() throws -> Batch? {
    state.condition.lock()
    defer { state.condition.unlock() }
    guard state.remaining > 0 else { return nil }
    while state.ready.isEmpty { state.condition.wait() }
    state.remaining -= 1
    let batch = state.ready.removeFirst()
    state.condition.broadcast()
    return try batch.get()
  }
}
