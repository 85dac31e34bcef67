/// Instants at equal distances.
public struct RegularGrid: Hashable, Sendable {
  /// Of the first instant, or of the first bin's lower edge.
  public let startSeconds: Double
  public let sampleRateHz: Double
  public let count: Int

  /// - Throws: ``SignalError`` if the rate is not positive or the count is negative.
  public init(startSeconds: Double = 0, sampleRateHz: Double, count: Int) throws {
    guard sampleRateHz > 0, sampleRateHz.isFinite, startSeconds.isFinite else {
      throw SignalError.setting(
        name: "a grid of", found: "\(sampleRateHz) Hz from \(startSeconds) s", expected: "a positive rate")
    }
    guard count >= 0 else {
      throw SignalError.setting(name: "a grid of", found: "\(count) instants", expected: "0 or more")
    }
    self.startSeconds = startSeconds
    self.sampleRateHz = sampleRateHz
    self.count = count
  }

  /// The time of instant `index`.
  public func seconds(_ index: Int) -> Double { startSeconds + Double(index) / sampleRateHz }
}

/// Samples with a time each, put in order: what is not finite is left out, times that step backwards are sorted, and
/// samples of one time are averaged.
public struct IrregularSamples: Sendable {
  /// Strictly increasing.
  public let seconds: [Double]
  /// One a time, all finite.
  public let values: [Float]

  /// - Throws: ``SignalError`` if there are not as many times as values.
  public init(seconds: [Double], values: [Float]) throws {
    guard seconds.count == values.count else {
      throw SignalError.mismatch(what: "times", found: seconds.count, expected: values.count)
    }
    var order = seconds.indices.filter { seconds[$0].isFinite && values[$0].isFinite }
    var inOrder = true
    for i in order.indices.dropFirst() where seconds[order[i]] <= seconds[order[i - 1]] {
      inOrder = false
      break
    }
    if inOrder, order.count == seconds.count {
      (self.seconds, self.values) = (seconds, values)
      return
    }
    if !inOrder { order.sort { (seconds[$0], $0) < (seconds[$1], $1) } }
    var (times, means): ([Double], [Float]) = ([], [])
    times.reserveCapacity(order.count)
    means.reserveCapacity(order.count)
    var start = 0
    while start < order.count {
      let time = seconds[order[start]]
      var (end, sum) = (start, 0.0)
      while end < order.count, seconds[order[end]] == time {
        sum += Double(values[order[end]])
        end += 1
      }
      times.append(time)
      means.append(Float(sum / Double(end - start)))
      start = end
    }
    (self.seconds, self.values) = (times, means)
  }

  /// Straight lines between neighbouring samples, as `numpy.interp` inside the samples' range.
  ///
  /// - Parameter maximalGapSeconds: Between samples further apart nothing is made up: the instants between them are
  ///   NaN, as are those before the first and after the last sample.
  /// - Returns: `[grid.count]`.
  public func interpolated(onto grid: RegularGrid, maximalGapSeconds: Double = .infinity) -> [Float] {
    var result = [Float](repeating: .nan, count: grid.count)
    guard let last = seconds.indices.last else { return result }
    var left = 0
    for index in result.indices {
      let time = grid.seconds(index)
      while left < last, seconds[left + 1] <= time { left += 1 }
      if time == seconds[left] {
        result[index] = values[left]
      } else if time > seconds[left], left < last {
        let gap = seconds[left + 1] - seconds[left]
        guard gap <= maximalGapSeconds else { continue }
        let (from, to) = (Double(values[left]), Double(values[left + 1]))
        result[index] = Float(from + (to - from) * ((time - seconds[left]) / gap))
      }
    }
    return result
  }
}
