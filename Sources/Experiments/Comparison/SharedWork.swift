import Files
import Foundation
import SleepCore
import Streams
import Synchronization
import Tensors
import Training

/// A piece of work that has a file when it is done, and that one thread of one process does at a time.
struct SharedPiece: Sendable {
  let file: URL
  /// For progress.
  let name: String
  let work: @Sendable () throws -> Void

  var isDone: Bool { FileManager.default.fileExists(atPath: file.path) }
  var lease: URL { file.appendingPathExtension("lease") }
}

/// What a piece wants is being made by someone else: it comes again later.
struct MadeElsewhere: Error {}

/// Pieces of work that any number of processes share by their folder, until all are done, by whomever.
///
/// A thread takes what nobody has and waits for what others have; what a process left that ended is taken up.
final class SharedWork: Sendable {
  private struct State {
    /// Not known to be done, in order.
    var open: [Int]
    /// Those of them that a thread of this process has.
    var taken: Set<Int> = []
  }

  private let pieces: [SharedPiece]
  private let progress: Training.Progress
  private let state: Mutex<State>
  private let failure = FirstFailure()
  private let title: String
  private let silent: Bool

  init(_ title: String, _ pieces: [SharedPiece], silent: Bool) {
    (self.pieces, self.title, self.silent) = (pieces, title, silent)
    state = Mutex(State(open: Array(pieces.indices)))
    progress = Training.Progress(title, total: pieces.count, silent: silent)
  }

  /// How many are done.
  var done: Int { pieces.count { $0.isDone } }

  /// Does what nobody else does.
  ///
  /// - Parameter jobs: Threads, each of its share of those that LibTorch may use, of `OMP_NUM_THREADS` where that is set.
  /// - Throws: `Interrupted`, and the first failure of a piece, after which no thread takes up another.
  func run(jobs: Int) throws {
    let others = Set(pieces.compactMap { Lease.holder(of: $0.lease) }).map(\.inWords).sorted()
    if !silent, !others.isEmpty { StandardError.say("\(title)s are shared with \(others.joined(separator: ", "))") }
    let threads = max(1, LibTorch.threads / jobs)
    runConcurrently(jobs) { [self] in
      LibTorch.threads = threads
      do { try work() } catch { failure.record(error) }
    }
    progress.finish()
    if let error = failure.error { throw error }
  }

  private func work() throws {
    while failure.error == nil {
      let open = state.withLock(\.open)
      guard !open.isEmpty else { return }
      var hasWorked = false
      for index in open where failure.error == nil {
        try Interruption.check()
        guard take(index) else { continue }
        let outcome = Result { try attempt(pieces[index]) }
        give(back: index, isDone: (try? outcome.get()).map { $0 != .elsewhere } ?? false)
        if try outcome.get() == .byUs { hasWorked = true }
      }
      // Others are at the rest.
      if !hasWorked { usleep(200_000) }
    }
  }

  private enum Outcome: Sendable { case byUs, before, elsewhere }

  private func attempt(_ piece: SharedPiece) throws -> Outcome {
    if piece.isDone { return .before }
    guard let lease = try Lease.take(piece.lease) else { return .elsewhere }
    defer { lease.release() }
    // It may have ended between the look and the hand.
    if piece.isDone { return .before }
    do { try piece.work() } catch is MadeElsewhere { return .elsewhere }
    return .byUs
  }

  private func take(_ index: Int) -> Bool {
    state.withLock { $0.open.contains(index) && $0.taken.insert(index).inserted }
  }

  private func give(back index: Int, isDone: Bool) {
    state.withLock { state in
      state.taken.remove(index)
      if isDone { state.open.removeAll { $0 == index } }
    }
    if isDone { progress.advance(by: 1, pieces[index].name) }
  }
}
