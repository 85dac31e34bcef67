import Corpora
import Files
import Foundation
import Synchronization

/// Makes the recordings of a corpus on threads of this process and of others that came to the same folder, in order, until they are done, one
/// fails or someone stops it; or the disk fails, which is the fault of no recording, and would fail all that come after.
final class SharedPreparation: Sendable {
  private struct State {
    /// What became of recordings that this process knows of, by their places.
    var outcomes: [Int: PreparationOutcome] = [:]
    /// The errors of those that failed here.
    var errors: [Int: any Error] = [:]
    /// The identifiers of those that were made here.
    var made: Set<String> = []
  }

  private let writer: CorpusWriter
  private let session: SharedSession
  private let plan: PreparationPlan
  private let items: [PreparationItem]
  private let total: Int
  private let keepsGoing: Bool
  private let isCancelled: @Sendable () -> Bool
  private let progress: @Sendable (Preparation.Progress) -> Void
  private let state = Mutex(State())
  /// Reports are given one at a time, by who holds nothing else that another waits for.
  private let reports = Mutex(0)

  /// - Parameter all: All recordings of the corpus, in order.
  init(
    _ all: [PreparationItem], _ plan: PreparationPlan, _ writer: CorpusWriter, _ session: SharedSession,
    keepsGoing: Bool,
    isCancelled: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (Preparation.Progress) -> Void
  ) {
    (self.plan, self.writer, self.session, self.keepsGoing) = (plan, writer, session, keepsGoing)
    (self.isCancelled, self.progress) = (isCancelled, progress)
    items = all.filter { !plan.kept.contains($0.id) }
    total = all.count
  }

  /// One recording failed, and none is to be taken up any more.
  private struct Stopped: Error {}
  private struct Cancelled: Error {}

  /// Makes what nobody else makes, and waits for the rest.
  ///
  /// - Parameters:
  ///   - isMade: Whether what a killed process left was made of what this one is made of now.
  ///   - prepare: Makes one and writes it, and asks before it gives it its name.
  /// - Throws: The error of the first recording that failed, in their order, whoever failed, unless all that can be read is prepared;
  ///   ``PreparationError/cancelled(done:of:)``, and ``Files/DiskError``.
  func run(
    jobs: Int, isMade: @escaping @Sendable (PreparationItem, RecordingOrigin) -> Bool,
    _ prepare: @escaping @Sendable (PreparationItem, _ check: () throws -> Void) throws -> Void
  ) throws {
    progress(
      Preparation.Progress(
        done: total - items.count, total: total, recording: nil, failure: nil, notes: plan.notes,
        others: session.others().map(\.inWords)))
    let pieces = items.enumerated().map { place, item in
      SharedPiece(file: file(of: item.id), name: item.id) { [self] lease in
        try make(item, place, lease, isMade, prepare)
      }
    }
    do {
      try SharedWork(pieces, check: { [self] in try check() }, progress: { [self] in tell($0) })
        .run(jobs: min(jobs, max(1, items.count)))
    } catch is Stopped {
      try waitForEarlier(pieces)
      throw try firstFailure()
    } catch is Cancelled {
      throw cancelled
    }
    // The last one may have failed.
    if FileManager.default.fileExists(atPath: stop.path) { throw try firstFailure() }
    if plan.stock.whole.isEmpty, made.isEmpty, !items.isEmpty { throw try firstFailure() }
  }

  private func make(
    _ item: PreparationItem, _ place: Int, _ lease: Lease, _ isMade: (PreparationItem, RecordingOrigin) -> Bool,
    _ prepare: (PreparationItem, _ check: () throws -> Void) throws -> Void
  ) throws {
    var outcome = PreparationOutcome()
    do {
      if !writer.takeOver(item.id, if: { isMade(item, $0) }) {
        try prepare(item) { guard lease.isOurs, (try? session.check()) != nil else { throw MadeElsewhere() } }
      }
      state.withLock { _ = $0.made.insert(item.id) }
    } catch {
      // Where this was held up for minutes, another made it, and took away what stood here.
      guard lease.isOurs, !(error is MadeElsewhere) else { throw MadeElsewhere() }
      guard !(error is DiskError) else { throw error }
      outcome.failure = error.localizedDescription
      state.withLock { $0.errors[place] = error }
    }
    state.withLock { $0.outcomes[place] = outcome }
    try outcome.write(file(of: item.id))
    if outcome.failure != nil, !keepsGoing { try outcome.write(stop) }
  }

  private func check() throws {
    if !keepsGoing, FileManager.default.fileExists(atPath: stop.path) { throw Stopped() }
    if isCancelled() { throw Cancelled() }
    try session.check()
  }

  private func tell(_ place: Int) {
    let known = state.withLock { $0.outcomes[place] }
    let outcome = known ?? (try? PreparationOutcome.read(file(of: items[place].id))) ?? PreparationOutcome()
    state.withLock { $0.outcomes[place] = outcome }
    reports.withLock { reported in
      reported += 1
      progress(
        Preparation.Progress(
          done: total - items.count + reported, total: total, recording: items[place].id, failure: outcome.failure))
    }
  }

  /// Waits for those that others began before the one that failed, since theirs may fail too, and come first.
  private func waitForEarlier(_ pieces: [SharedPiece]) throws {
    let failed = try pieces.indices.first { try PreparationOutcome.read(pieces[$0].file)?.failure != nil } ?? 0
    while try pieces[..<failed].contains(where: { try !$0.isDone && Lease.isHeld($0.lease) }) {
      if isCancelled() { throw cancelled }
      usleep(100_000)
    }
  }

  /// The error of the first recording that failed.
  private func firstFailure() throws -> any Error {
    let errors = state.withLock(\.errors)
    for (place, item) in items.enumerated() {
      guard let failure = try PreparationOutcome.read(file(of: item.id))?.failure else { continue }
      return errors[place] ?? PreparationError.failedElsewhere(failure)
    }
    let reason = try PreparationOutcome.read(stop)?.failure
    return reason.map { PreparationError.failedElsewhere($0) } ?? CorpusError.noRecordings(path: writer.folder.path)
  }

  private var cancelled: PreparationError { .cancelled(done: total - items.count + done, of: total) }
  private var done: Int { items.count { FileManager.default.fileExists(atPath: file(of: $0.id).path) } }
  private var made: [PreparationItem] {
    state.withLock { state in items.indices.filter { state.outcomes[$0]?.failure == nil }.map { items[$0] } }
  }

  private func file(of id: String) -> URL { PreparationOutcome.file(of: id, in: session.place) }
  /// Is there once a failure ends the work of all, and says why.
  private var stop: URL { session.place.appendingPathComponent(".stop.json") }
  private var end: URL { session.place.appendingPathComponent(".end") }

  /// Takes away what this process made, so that nothing is left of a call that failed.
  func undo() {
    let made = state.withLock(\.made).subtracting(plan.stock.whole)
    // What cannot be taken away stays for the next call, which goes on with it.
    try? writer.remove(made)
  }

  /// Writes the corpus's index, unless another process does.
  ///
  /// - Throws: ``Corpora/CorpusError/otherContract(recording:found:misfit:first:)`` where recordings disagree, unless what can be read is prepared, and
  ///   ``PreparationError/cancelled(done:of:)`` where another process was waited for.
  func finish(notes: [String]) throws -> Corpus {
    while !FileManager.default.fileExists(atPath: end.path) {
      try session.check()
      if FileManager.default.fileExists(atPath: stop.path) { throw try firstFailure() }
      if let lease = try Lease.take(end.appendingPathExtension("lease")) {
        defer { lease.release() }
        if FileManager.default.fileExists(atPath: end.path) { break }
        let corpus = try writeIndex(notes)
        try Data().writeWhole(to: end, sync: .none)
        return corpus
      }
      if isCancelled() { throw cancelled }
      usleep(100_000)
    }
    return try Corpus(writer.folder)
  }

  private func writeIndex(_ notes: [String]) throws -> Corpus {
    var failures: [CorpusFailure] = []
    var leftOut: Set<String> = []
    for id in plan.stock.whole.union(items.map(\.id)) {
      guard let outcome = try PreparationOutcome.read(file(of: id)), let failure = outcome.failure else { continue }
      failures.append(CorpusFailure(recording: id, reason: failure))
      if outcome.isLeftOut { leftOut.insert(id) }
    }
    try writer.takeOver(plan.stock.whole.union(made.map(\.id)).subtracting(leftOut).sorted())
    while let (recording, error) = writer.otherContract() {
      // The others are told before anything is taken away.
      let outcome = PreparationOutcome(failure: error.localizedDescription, isLeftOut: true)
      guard keepsGoing else {
        try outcome.write(stop)
        throw error
      }
      try outcome.write(file(of: recording))
      try writer.remove([recording])
      failures.append(CorpusFailure(recording: recording, reason: error.localizedDescription))
    }
    return try writer.finish(failures: failures, notes: notes)
  }
}
