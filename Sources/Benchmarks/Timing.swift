import Foundation

/// How long one call took.
struct Timing: Codable {
  let seconds: Double
  /// Processor time of all threads, that in the kernel too.
  let processorSeconds: Double

  /// The time of one call, on the average of `calls`.
  static func measure(calls: Int, _ work: Benchmark.Work) throws -> (timing: Timing, check: Double) {
    let (clock, processor) = (ContinuousClock.now, processorSeconds())
    var check = 0.0
    for _ in 0..<calls { check = try work() }
    let elapsed = (ContinuousClock.now - clock) / .seconds(1)
    let used = processorSeconds() - processor
    let timing = Timing(seconds: elapsed / Double(calls), processorSeconds: used / Double(calls))
    return (timing, check)
  }

  /// How many calls take a time that a clock can tell on a busy machine.
  static func calls(for work: Benchmark.Work) throws -> Int {
    _ = try work()
    let once = try measure(calls: 1, work).timing.seconds
    return max(1, min(200, Int(0.1 / max(once, 1e-6))))
  }

  /// Of this process and the children that it has waited for.
  static func processorSeconds() -> Double {
    [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue].reduce(0) { sum, who in
      var usage = rusage()
      getrusage(.init(who), &usage)
      return [usage.ru_utime, usage.ru_stime].reduce(sum) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
  }
}

/// Repeated timings of one side.
struct Timings: Codable {
  var all: [Timing] = []

  var minimum: Double { all.map(\.seconds).min() ?? .nan }
  var median: Double { Self.median(all.map(\.seconds)) }
  var processor: Double { Self.median(all.map(\.processorSeconds)) }

  private static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
