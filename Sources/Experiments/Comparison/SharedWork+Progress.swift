import Files
import Streams
import Tensors
import Training

extension SharedWork {
  /// Does the pieces that nobody else does, and shows how far all are.
  ///
  /// - Parameters:
  ///   - title: What a piece is: `compare cell`.
  ///   - jobs: Threads, each of its share of those that LibTorch may use, of `OMP_NUM_THREADS` where that is set.
  /// - Throws: `Interrupted`, and the first failure of a piece, after which no thread takes up another.
  static func run(_ pieces: [SharedPiece], _ title: String, jobs: Int, silent: Bool) throws {
    let progress = Training.Progress(title, total: pieces.count, silent: silent)
    let work = SharedWork(
      pieces, check: { try Interruption.check() }, progress: { progress.advance(by: 1, pieces[$0].name) })
    let others = work.others.map(\.inWords).sorted()
    if !silent, !others.isEmpty { StandardError.say("\(title)s are shared with \(others.joined(separator: ", "))") }
    let threads = max(1, LibTorch.threads / jobs)
    defer { progress.finish() }
    try work.run(jobs: jobs) { LibTorch.threads = threads }
  }
}
