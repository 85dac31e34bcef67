import Foundation
import SleepCore

/// When the rows of a table were taken, out of a time a row: at one rate, with gaps or without, or each at its own time.
struct TableClock {
  /// Rows without a long gap between them.
  struct Stretch: Equatable {
    let startSeconds: Double
    /// Rows in order of time, each with how many samples are missing before it.
    let pieces: [(rows: Range<Int>, missing: Int)]

    static func == (a: Stretch, b: Stretch) -> Bool {
      a.startSeconds == b.startSeconds && a.pieces.count == b.pieces.count
        && zip(a.pieces, b.pieces).allSatisfy { $0 == $1 }
    }

    /// Samples, those that are missing too.
    var count: Int { pieces.reduce(0) { $0 + $1.missing + $1.rows.count } }
  }

  /// `nil` where each row has its own time.
  let sampleRateHz: Double?
  /// At one rate; empty where each row has its own time.
  let stretches: [Stretch]
  /// How far the rows' times lie from those of the rate, at most, in seconds.
  let toleranceSeconds: Double

  /// As records of EDF+D: a longer gap begins a new stretch.
  private static let longestGap = 60.0
  /// The share of a sample's length by which times may lie beside those of a rate, however exactly they are written.
  private static let leastTolerance = 0.01

  /// Rows at one rate from 0 s on.
  init(count: Int, sampleRateHz: Double) {
    self.sampleRateHz = sampleRateHz
    stretches = [Stretch(startSeconds: 0, pieces: [(0..<count, 0)])]
    toleranceSeconds = 0
  }

  /// Times are at one rate where each lies within a tolerance of it from the last gap on: as far as they are exact, or a hundredth of a
  /// sample. The rate is the roundest number among those that fit as well as the measured one.
  ///
  /// - Parameters:
  ///   - seconds: In increasing order; some may be equal where `rate` is told.
  ///   - resolution: How exactly they are written.
  ///   - rate: As a card says it.
  init(_ seconds: [Double], resolution: Double, told rate: Double?) {
    guard seconds.count > 2, let fitted = Self.fit(seconds, resolution, rate) else {
      (sampleRateHz, stretches, toleranceSeconds) = (nil, [], 0)
      return
    }
    self = fitted
  }

  private init(sampleRateHz: Double, stretches: [Stretch], toleranceSeconds: Double) {
    self.sampleRateHz = sampleRateHz
    self.stretches = stretches
    self.toleranceSeconds = toleranceSeconds
  }

  private static func fit(_ seconds: [Double], _ resolution: Double, _ rate: Double?) -> TableClock? {
    let usual = rate.map { 1 / $0 } ?? medianStep(seconds)
    guard usual > 0, usual.isFinite else { return nil }
    let longest = 1.5 * usual + 2 * resolution
    var runs: [Range<Int>] = []
    var first = 0
    for index in 1..<seconds.count where seconds[index] - seconds[index - 1] > longest {
      runs.append(first..<index)
      first = index
    }
    runs.append(first..<seconds.count)
    // More gaps than that are no gaps.
    guard runs.count <= max(1, seconds.count / 10), let run = runs.max(by: { $0.count < $1.count }), run.count > 2
    else {
      return nil
    }
    let tolerance = max(resolution, leastTolerance * usual, seconds[run.upperBound - 1].magnitude.ulp * 4)
    let slope = slope(seconds, run)
    // What a clock that is as exact as this one shows itself to be cannot tell apart over the run.
    let doubt = (residual(seconds, run, slope) + 1e-4 * usual) / Double(run.count - 1)
    guard slope > doubt else { return nil }
    let range = 1 / (slope + doubt)...1 / (slope - doubt)
    let measured = rate.flatMap { range.contains($0) ? $0 : nil } ?? roundest(in: range)
    let step = 1 / measured
    var starts: [Double] = []
    for run in runs {
      guard let start = start(seconds, run, step, tolerance) else { return nil }
      starts.append(start)
    }
    return TableClock(
      sampleRateHz: measured, stretches: joined(runs, starts, step, tolerance), toleranceSeconds: tolerance)
  }

  /// The middle of the steps from one time to the next, of every so many where there are a great many.
  private static func medianStep(_ seconds: [Double]) -> Double {
    let stride = max(1, seconds.count / 100_000)
    let steps = Swift.stride(from: 1, to: seconds.count, by: stride).map { seconds[$0] - seconds[$0 - 1] }
    return steps.sorted()[steps.count / 2]
  }

  /// The straight line of least squares through a run, in seconds a row.
  private static func slope(_ seconds: [Double], _ run: Range<Int>) -> Double {
    let origin = seconds[run.lowerBound]
    let middle = Double(run.count - 1) / 2
    var (sum, squares) = (0.0, 0.0)
    for index in run {
      let place = Double(index - run.lowerBound) - middle
      sum += place * (seconds[index] - origin)
      squares += place * place
    }
    return sum / squares
  }

  /// How far times lie from the straight line, at most.
  private static func residual(_ seconds: [Double], _ run: Range<Int>, _ slope: Double) -> Double {
    var (least, most) = (Double.infinity, -Double.infinity)
    for index in run {
      let rest = seconds[index] - Double(index - run.lowerBound) * slope
      least = min(least, rest)
      most = max(most, rest)
    }
    return (most - least) / 2
  }

  /// When a run begins, so that all its times lie within the tolerance: its first time where that does.
  private static func start(_ seconds: [Double], _ run: Range<Int>, _ step: Double, _ tolerance: Double) -> Double? {
    var (least, most) = (Double.infinity, -Double.infinity)
    for index in run {
      let start = seconds[index] - Double(index - run.lowerBound) * step
      least = min(least, start)
      most = max(most, start)
    }
    guard most - least <= 2 * tolerance else { return nil }
    let first = seconds[run.lowerBound]
    return most - first <= tolerance && first - least <= tolerance ? first : (least + most) / 2
  }

  /// Short gaps of whole samples are missing samples; others begin a new stretch.
  private static func joined(
    _ runs: [Range<Int>], _ starts: [Double], _ step: Double, _ tolerance: Double
  ) -> [Stretch] {
    var stretches: [Stretch] = []
    var pieces: [(rows: Range<Int>, missing: Int)] = []
    // Samples since the stretch began, those that are missing, and its start.
    var (count, missing, begin) = (0, 0, starts[0])
    for (run, start) in zip(runs, starts) {
      let place = (start - begin) / step
      let gap = place - Double(count)
      let isOnGrid = abs(place - place.rounded()) * step <= tolerance
      if !pieces.isEmpty,
        !isOnGrid || gap < 0.5 || gap * step > longestGap || Double(missing) + gap > Double(count - missing)
      {
        stretches.append(Stretch(startSeconds: begin, pieces: pieces))
        (pieces, count, missing, begin) = ([], 0, 0, start)
      }
      let absent = pieces.isEmpty ? 0 : Int(gap.rounded())
      pieces.append((run, absent))
      count += absent + run.count
      missing += absent
    }
    return stretches + [Stretch(startSeconds: begin, pieces: pieces)]
  }

  /// The fraction of the smallest denominator in a range of rates, or of samples' lengths where that is simpler: 64, 100/3, 1/30.
  static func roundest(in range: ClosedRange<Double>) -> Double {
    // By continued fractions (Stern and Brocot's tree).
    var (low, high) = (range.lowerBound, range.upperBound)
    var parts: [Double] = []
    for _ in 0..<40 {
      let whole = low.rounded(.down)
      if whole == low || whole + 1 <= high {
        parts.append(whole == low ? whole : whole + 1)
        break
      }
      parts.append(whole)
      (low, high) = (1 / (high - whole), 1 / (low - whole))
      guard low.isFinite, high.isFinite, low < 1e9 else { break }
    }
    var value = parts.removeLast()
    while let part = parts.popLast() { value = part + 1 / value }
    return range.contains(value) ? value : (range.lowerBound + range.upperBound) / 2
  }
}

extension TableClock {
  /// When each row was taken, by the rate.
  func seconds(ofRows count: Int) -> [Double] {
    guard let sampleRateHz else { return [] }
    var seconds: [Double] = []
    seconds.reserveCapacity(count)
    for stretch in stretches {
      var place = 0
      for (rows, missing) in stretch.pieces {
        place += missing
        for _ in rows {
          seconds.append(stretch.startSeconds + Double(place) / sampleRateHz)
          place += 1
        }
      }
    }
    return seconds
  }
}
