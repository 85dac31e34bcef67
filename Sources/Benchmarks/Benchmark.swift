import Foundation
import SleepCore

/// One thing to be timed, ours and what a user would run instead.
struct Benchmark: Sendable {
  /// What is to be reached on two cores.
  enum Target: Sendable {
    /// Theirs takes this many times as long as ours.
    case times(Double)
    /// Theirs takes this many times as much processor time as ours.
    case processorTimes(Double)
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
  /// How many times its own multiplications a forward pass stands for: 3 where gradients by inputs and by weights are taken too, as is
  /// usually counted; 0 where they are few beside the rest.
  var passes = 0
  /// Whether it takes so long that its first call is as good as any other.
  var isLong = false
  /// What ours is compared with where it is no peer's.
  var other: (@Sendable (URL) throws -> Work)?
  /// Writes the inputs into a folder, where the peer finds them, and makes what is timed.
  let prepare: @Sendable (URL) throws -> Work

  /// What is timed. It gives a number that the peer's work gives too, to 1 in 1000, so that both do the same.
  typealias Work = () throws -> Double
}

extension Benchmark {
  static let all =
    PretrainingBenchmarks.all + ViewBenchmarks.all + ModelBenchmarks.all + SequenceBenchmarks.all + SignalBenchmarks.all
    + ClusteringBenchmarks.all + ProcessBenchmarks.all
}

/// Of 1 in variance, on a drift, so that a filter has something to do.
func noise(_ count: Int, seed: UInt64) -> [Float] {
  var random = RandomSource(seed: seed)
  return (0..<count).map { Float.random(in: -1.7..<1.7, using: &random) + sin(Float($0) * 0.01) }
}
