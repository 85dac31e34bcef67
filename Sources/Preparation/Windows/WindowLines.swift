import Corpora
import Signals
import SleepCore

/// Windows of samples that have a time each, on straight lines between those that lie in the window and its context: each window for itself.
struct WindowLines {
  let grid: WindowGrid
  let settings: SensorPreprocessing
  let rateHz: Double
  /// Samples of a window with its context.
  let length: Int

  /// - Returns: `[windows, channels, length]`, and for each window whether the file has enough samples in it.
  func windows(of channels: [SelectedChannel]) throws -> (values: [Float], measured: [Bool]) {
    var measured = [Bool](repeating: true, count: grid.count)
    var values = [Float](repeating: 0, count: grid.count * channels.count * length)
    for (row, channel) in channels.enumerated() {
      let samples = try Self.samples(of: channel)
      for window in 0..<grid.count {
        let begin = grid.startSeconds + Double(window) * grid.windowSeconds - (settings.contextSeconds ?? 0)
        let own = samples.places(in: begin...(begin + Double(length) / rateHz))
        guard !own.isEmpty, Double(own.count) >= (settings.minimumRecorded ?? 0) * Double(length) else {
          measured[window] = false
          continue
        }
        let start = (window * channels.count + row) * length
        samples.lines(through: own, from: begin, rateHz: rateHz, into: &values[start..<(start + length)])
      }
    }
    return (values, measured)
  }

  /// All that a channel has, in order of time.
  private static func samples(of channel: SelectedChannel) throws -> IrregularSamples {
    try IrregularSamples(
      seconds: channel.parts.flatMap { $0.timing.seconds(count: $0.samples.count) },
      values: channel.parts.flatMap { part in part.samples.map { $0 * channel.factor } })
  }
}

extension IrregularSamples {
  /// The samples from one time to another, both belonging to it.
  fileprivate func places(in span: ClosedRange<Double>) -> Range<Int> {
    let first = seconds.partitioningIndex { $0 >= span.lowerBound }
    return first..<max(first, seconds.partitioningIndex { $0 > span.upperBound })
  }

  /// - Parameter own: The samples that count; the first and the last of them are held to the ends. At least one.
  fileprivate func lines(
    through own: Range<Int>, from begin: Double, rateHz: Double, into result: inout ArraySlice<Float>
  ) {
    var left = own.lowerBound
    for (offset, index) in result.indices.enumerated() {
      let time = begin + Double(offset) / rateHz
      while left + 1 < own.upperBound, seconds[left + 1] <= time { left += 1 }
      guard time > seconds[left], left + 1 < own.upperBound else {
        result[index] = values[left]
        continue
      }
      let share = (time - seconds[left]) / (seconds[left + 1] - seconds[left])
      result[index] = Float(Double(values[left]) + (Double(values[left + 1]) - Double(values[left])) * share)
    }
  }
}
