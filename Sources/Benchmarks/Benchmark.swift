import Foundation

/// One thing to be timed, ours and what a user would run instead.
struct Benchmark: Sendable {
  /// What is to be reached on two cores.
  enum Target: Sendable {
    /// Theirs takes this many times as long as ours.
    case times(Double)
    /// Ours takes no longer than this.
    case seconds(Double)
    case none
  }

  /// As it is chosen on the command line, and as the peers know it.
  let name: String
  let title: String
  /// What a user would run instead.
  let peer: String
  let target: Target
  /// Pairs of ours and theirs.
  var rounds = 5
  /// Writes the inputs into a folder, where the peer finds them, and makes what is timed.
  let prepare: @Sendable (URL) throws -> Work

  /// What is timed. It gives a number that the peer's work gives too, to 1 in 1000, so that both do the same.
  typealias Work = () throws -> Double
}

extension Benchmark {
  static let all = SequenceBenchmarks.all + SignalBenchmarks.all + ModelBenchmarks.all + StartBenchmark.all
}
