import Foundation
import Tensors

/// What ours is timed against: the same peers as they are, and tuned.
struct Opponents {
  let plain: Peers
  let tuned: Peers?

  init(_ options: Options, in folder: URL) throws {
    func peers(tuned: Bool) throws -> Peers {
      try Peers(
        python: options.python, script: options.script, folder: folder, threads: options.threads, tuned: tuned)
    }
    (plain, tuned) = try (peers(tuned: false), options.tuned ? peers(tuned: true) : nil)
  }

  var all: [Peers] { [plain] + (tuned.map { [$0] } ?? []) }
  var identifiers: [pid_t] { all.map(\.identifier) }

  /// What they are made of; both have been started then.
  func versions() throws -> String {
    _ = try tuned?.ask("versions")
    return try plain.ask("versions").versions ?? ""
  }

  func end() { for peers in all { peers.end() } }
}

extension Benchmark {
  /// Times ours, theirs, theirs tuned, ours, theirs, theirs tuned.
  func timed(against opponents: Opponents, peakRate: Double, in folder: URL) throws -> Report.Row {
    let work = try prepare(folder)
    let calls = try isLong ? 1 : Timing.calls(for: work)
    let multiplications = try passes > 0 ? MultiplyAdds.counting { _ = try work() } * passes : nil
    var (ours, theirs, tuned) = (Timings(), Timings(), Timings())
    var note: String?
    if let other = try other?(folder) {
      for _ in 0..<rounds {
        ours.all.append(try Timing.measure(calls: calls, work).timing)
        theirs.all.append(try Timing.measure(calls: calls, other).timing)
      }
    } else {
      _ = try opponents.plain.ask("prepare \(name)")
      note = try opponents.tuned?.ask("prepare \(name)").note
      for _ in 0..<rounds {
        let (timing, check) = try Timing.measure(calls: calls, work)
        ours.all.append(timing)
        theirs.all.append(try self.timing(of: opponents.plain, check: check))
        if let peers = opponents.tuned { tuned.all.append(try self.timing(of: peers, check: check)) }
      }
      for peers in opponents.all { _ = try peers.ask("forget \(name)") }
    }
    return Report.Row(
      self, ours: ours, theirs: theirs, tuned: tuned.all.isEmpty ? nil : tuned, note: note,
      shareOfPeak: multiplications.map { Double($0) / ours.median / peakRate })
  }

  /// What a peer's work takes, which must give what ours gives.
  private func timing(of peers: Peers, check: Double) throws -> Timing {
    let answer = try peers.ask("run \(name)")
    guard let seconds = answer.seconds, let processorSeconds = answer.processorSeconds, let theirs = answer.check else {
      throw BenchmarkError.peer("its answer has no times")
    }
    guard abs(check - theirs) <= 1e-3 * max(abs(check), abs(theirs)) else {
      throw BenchmarkError.differs(name: name, ours: check, theirs: theirs)
    }
    return Timing(seconds: seconds, processorSeconds: processorSeconds)
  }
}
