import Files
import Foundation

/// Hands recordings to threads, in order, until they are done, one fails or someone stops it; or the disk fails, which is the fault of no
/// recording, and would fail all that come after.
final class PreparationQueue: @unchecked Sendable {
  let total: Int
  // Everything that changes is read and written with `lock` locked.
  private let lock = NSLock()
  private let items: [PreparationItem]
  private let stopsAtFailure: Bool
  private let isCancelled: @Sendable () -> Bool
  private let progress: @Sendable (Preparation.Progress) -> Void
  private let notes: [String]
  private var next = 0
  private var finished = 0
  private var failed: [(index: Int, error: any Error)] = []
  private var cancelled = false

  /// - Parameters:
  ///   - items: What is left to do.
  ///   - total: With what was done before.
  ///   - notes: For the first report.
  init(
    _ items: [PreparationItem], total: Int, stopsAtFailure: Bool, notes: [String] = [],
    isCancelled: @escaping @Sendable () -> Bool,
    progress: @escaping @Sendable (Preparation.Progress) -> Void
  ) {
    self.items = items
    self.total = total
    self.stopsAtFailure = stopsAtFailure
    self.notes = notes
    self.isCancelled = isCancelled
    self.progress = progress
    finished = total - items.count
  }

  /// Recordings that are done, with those that were done before.
  var done: Int { lock.withLock { finished } }
  var wasCancelled: Bool { lock.withLock { cancelled } }
  /// In the order of the recordings, whichever thread was faster.
  var failures: [(recording: String, error: any Error)] {
    lock.withLock { failed.sorted { $0.index < $1.index }.map { (items[$0.index].id, $0.error) } }
  }

  /// What kept the corpus from being written.
  var diskError: DiskError? { failures.lazy.compactMap { $0.error as? DiskError }.first }

  /// Returns when every thread has stopped.
  func run(jobs: Int, _ work: @escaping @Sendable (PreparationItem) throws -> Void) {
    progress(Preparation.Progress(done: finished, total: total, recording: nil, failure: nil, notes: notes))
    let group = DispatchGroup()
    for _ in 0..<min(jobs, items.count) {
      group.enter()
      let thread = Thread { [self] in
        while let index = take() {
          let result = Result { try work(items[index]) }
          finish(index, result)
        }
        group.leave()
      }
      // Readers and filters recurse little, yet a thread's 512 kB are less than they have on the main one.
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
  }

  private func take() -> Int? {
    lock.withLock {
      let stops = failed.contains { stopsAtFailure || $0.error is DiskError }
      guard next < items.count, !cancelled, !stops else { return nil }
      if isCancelled() {
        cancelled = true
        return nil
      }
      next += 1
      return next - 1
    }
  }

  private func finish(_ index: Int, _ result: Result<Void, any Error>) {
    lock.withLock {
      finished += 1
      var failure: String?
      if case .failure(let error) = result {
        failed.append((index, error))
        failure = error.localizedDescription
      }
      progress(
        Preparation.Progress(done: finished, total: total, recording: items[index].id, failure: failure))
    }
  }
}
