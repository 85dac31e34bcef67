public import Foundation
import Synchronization

/// A piece of work that has a file when it is done, and that one thread of one process does at a time.
public struct SharedPiece: Sendable {
  public let file: URL
  /// For progress.
  public let name: String
  fileprivate let work: @Sendable (Lease) throws -> Void

  /// - Parameter work: Makes the file; with the lease it can ask whether the piece is still its own.
  public init(file: URL, name: String, work: @escaping @Sendable (Lease) throws -> Void) {
    (self.file, self.name, self.work) = (file, name, work)
  }

  public var isDone: Bool { FileManager.default.fileExists(atPath: file.path) }
  /// Says who has it.
  public var lease: URL { file.appendingPathExtension("lease") }
}

/// What a piece wants is being made by someone else: it comes again later.
public struct MadeElsewhere: Error {
  public init() {}
}

/// Pieces of work that any number of processes share by their folder, until all are done, by whomever.
///
/// A thread takes what nobody has and waits for what others have; what a process left that ended is taken up.
public final class SharedWork: Sendable {
  private struct State {
    /// Known to be done.
    var closed: [Bool]
    /// What a thread of this process has.
    var taken: Set<Int> = []
  }

  private let pieces: [SharedPiece]
  private let check: @Sendable () throws -> Void
  private let progress: @Sendable (Int) -> Void
  private let state: Mutex<State>
  private let failure = FirstFailure()

  /// - Parameters:
  ///   - pieces: In the order in which they are taken up.
  ///   - check: Asked before each piece, and while others are waited for; what it throws ends the work.
  ///   - progress: Told of the place of each piece that is known to be done, by whomever, from any thread.
  public init(
    _ pieces: [SharedPiece], check: @escaping @Sendable () throws -> Void,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    (self.pieces, self.check, self.progress) = (pieces, check, progress)
    state = Mutex(State(closed: pieces.map { _ in false }))
  }

  /// Who else is at a piece, each once.
  public var others: [FolderLock.Holder] { Array(Set(pieces.compactMap { Lease.holder(of: $0.lease) })) }

  /// Does what nobody else does.
  ///
  /// - Parameters:
  ///   - jobs: Threads.
  ///   - beginning: Called first on each.
  /// - Throws: What `check` threw, or the first failure of a piece, after which no thread takes up another.
  public func run(jobs: Int, beginning: @escaping @Sendable () -> Void = {}) throws {
    runConcurrently(jobs) { [self] in
      beginning()
      do { try work() } catch { failure.record(error) }
    }
    if let error = failure.error { throw error }
  }

  private func work() throws {
    while failure.error == nil {
      // What other threads of this process are at they see through themselves.
      let open = state.withLock { state in pieces.indices.filter { !state.closed[$0] && !state.taken.contains($0) } }
      guard !open.isEmpty else { return }
      var hasWorked = false
      for index in open where failure.error == nil {
        try check()
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
    do { try piece.work(lease) } catch is MadeElsewhere { return .elsewhere }
    return .byUs
  }

  private func take(_ index: Int) -> Bool {
    state.withLock { !$0.closed[index] && $0.taken.insert(index).inserted }
  }

  private func give(back index: Int, isDone: Bool) {
    state.withLock { state in
      state.taken.remove(index)
      if isDone { state.closed[index] = true }
    }
    if isDone { progress(index) }
  }
}
