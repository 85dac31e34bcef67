import Foundation

/// Heart rates at the times of the beats, out of runs of intervals.
struct BeatTrain {
  private(set) var seconds: [Double] = []
  private(set) var beatsPerMinute: [Float] = []
  private(set) var implausible = 0
  private var now = 0.0
  private var nextStart: Double?

  /// Appends the intervals of the epoch that begins at `start`.
  ///
  /// - Throws: ``ReadError`` when time goes back by more than a beat, or the intervals do not fit into the epoch.
  mutating func append(_ intervals: [Double], from start: Double, _ url: URL, _ line: Int) throws {
    if nextStart != start { now = max(now, start) }
    guard now < start + 30, intervals.reduce(0, +) < 60, intervals.allSatisfy({ $0 > 0 }) else {
      throw ReadError(
        url, line: line, found: "RR intervals of \(plain((intervals.reduce(0, +) * 1000).rounded() / 1000)) s",
        expected: "positive intervals that begin within the 30 s from \(plain(start)) s on")
    }
    for interval in intervals {
      let isFromStart = now == 0
      now += interval
      if isFromStart { continue }
      guard SlpdbRRReader.plausibleSeconds.contains(interval) else {
        implausible += 1
        continue
      }
      seconds.append(now)
      beatsPerMinute.append(Float(60 / interval))
    }
    nextStart = start + 30
  }
}
