import Foundation

/// How long one call took.
struct Timing: Codable {
  let seconds: Double
  /// Processor time in the program itself and its threads, without that in the kernel.
  let userSeconds: Double

  /// The time of one call, on the average of `calls`.
  static func measure(calls: Int, _ work: Benchmark.Work) throws -> (timing: Timing, check: Double) {
    let (clock, user) = (ContinuousClock.now, userSeconds())
    var check = 0.0
    for _ in 0..<calls { check = try work() }
    let elapsed = (ContinuousClock.now - clock) / .seconds(1)
    let timing = Timing(seconds: elapsed / Double(calls), userSeconds: (Self.userSeconds() - user) / Double(calls))
    return (timing, check)
  }

  /// How many calls take a time that a clock can tell on a busy machine.
  static func calls(for work: Benchmark.Work) throws -> Int {
    _ = try work()
    let once = try measure(calls: 1, work).timing.seconds
    return max(1, min(200, Int(0.1 / max(once, 1e-6))))
  }

  private static func userSeconds() -> Double {
    [RUSAGE_SELF, RUSAGE_CHILDREN].reduce(0) { sum, who in
      var usage = rusage()
      getrusage(who, &usage)
      return sum + Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    }
  }
}

/// Repeated timings of one side.
struct Timings: Codable {
  var all: [Timing] = []

  var minimum: Double { all.map(\.seconds).min() ?? .nan }
  var median: Double { Self.median(all.map(\.seconds)) }
  var user: Double { Self.median(all.map(\.userSeconds)) }

  private static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
