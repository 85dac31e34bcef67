import Corpora
import Foundation
import Signals
import SleepCore

/// One channel at the windows' rate, from some time on; a missing sample is NaN.
struct SampleSeries {
  let sampleRateHz: Double
  let startSeconds: Double
  var samples: [Float]
  /// When the file's own samples were taken, where they have a time each; missing ones were not.
  private(set) var recordedSeconds: [Double]?

  /// Filters, resamples and cuts out one channel of a signal, each stretch of it by itself.
  ///
  /// - Parameters:
  ///   - rate: The rate of the result.
  ///   - grid: The windows; what is cut out is they with the context. Outside of the signal it is NaN.
  init(_ channel: SelectedChannel, settings: SensorPreprocessing, rate: Double, grid: WindowGrid) throws {
    let context = settings.contextSeconds ?? 0
    let seconds = (grid.startSeconds - context)..<(grid.endSeconds + context)
    sampleRateHz = rate
    startSeconds = seconds.lowerBound
    let count = Int(((seconds.upperBound - seconds.lowerBound) * rate).rounded())
    if case .irregular(let first) = channel.parts.first?.timing {
      recordedSeconds = Self.recorded(channel.parts[0], first)
      var gridded = try Self.gridded(channel, 0, first, from: 0, count: count, rate: rate, seconds.lowerBound, settings)
      // Nothing is made up between stretches, however long a gap may be bridged.
      for part in channel.parts.indices.dropFirst() {
        guard case .irregular(let times) = channel.parts[part].timing, let begin = times.first, let end = times.last
        else { continue }
        recordedSeconds?.append(contentsOf: Self.recorded(channel.parts[part], times))
        let from = min(max(0, ((begin - startSeconds) * rate).rounded(.down)), Double(count))
        let to = min(max(from, ((end - startSeconds) * rate).rounded(.up) + 1), Double(count))
        let range = Int(from)..<Int(to)
        let values = try Self.gridded(
          channel, part, times, from: range.lowerBound, count: range.count, rate: rate, startSeconds, settings)
        for (index, value) in zip(range, values) where value.isFinite { gridded[index] = value }
      }
      samples = try RegularStretch(startSeconds: startSeconds, rateHz: rate, samples: gridded)
        .filtered(settings).smoothed(settings).samples
      return
    }
    samples = [Float](repeating: .nan, count: count)
    for part in channel.parts {
      guard case .regular(let start, let nativeRate) = part.timing else { continue }
      var stretch = RegularStretch(
        startSeconds: start, rateHz: nativeRate, samples: Self.scaled(part, by: channel.factor))
      if settings.wholeWindows == true { stretch = stretch.ofWholeWindows(grid) }
      stretch = try stretch.filtered(settings).resampled(to: rate, settings.resampling ?? .polyphase, grid)
        .smoothed(settings)
      let resampled = stretch.samples
      let offset = Int(((startSeconds - stretch.startSeconds) * rate).rounded())
      let range = max(0, offset)..<max(0, offset, min(resampled.count, offset + count))
      if !range.isEmpty {
        samples.replaceSubrange((range.lowerBound - offset)..<(range.upperBound - offset), with: resampled[range])
      }
    }
  }

  private static func recorded(_ part: SelectedChannel.Part, _ times: [Double]) -> [Double] {
    part.samples.allSatisfy(\.isFinite) ? times : zip(times, part.samples).filter { $1.isFinite }.map(\.0)
  }

  /// One irregular part on straight lines, at some of the series' instants.
  private static func gridded(
    _ channel: SelectedChannel, _ part: Int, _ times: [Double], from first: Int, count: Int, rate: Double,
    _ startSeconds: Double, _ settings: SensorPreprocessing
  ) throws -> [Float] {
    let grid = try RegularGrid(
      startSeconds: startSeconds + Double(first) / rate, sampleRateHz: rate, count: count)
    return try IrregularSamples(seconds: times, values: scaled(channel.parts[part], by: channel.factor))
      .interpolated(onto: grid, maximalGapSeconds: settings.maximumGapSeconds ?? .infinity)
  }

  private static func scaled(_ part: SelectedChannel.Part, by factor: Float) -> [Float] {
    factor == 1 ? part.samples : part.samples.map { $0 * factor }
  }

  /// The logarithm of the standard deviation over so many seconds around each sample, of what is there; 1 is added
  /// before the logarithm, so that rest is 0.
  func localDeviation(seconds: Double) -> SampleSeries {
    let half = max(1, Int((seconds * sampleRateHz / 2).rounded()))
    var sums = [(count: Double, sum: Double, squares: Double)](repeating: (0, 0, 0), count: samples.count + 1)
    // Deviations from one sample of the series, lest large squares lose digits.
    let origin = samples.first(where: \.isFinite) ?? 0
    for (index, sample) in samples.enumerated() {
      sums[index + 1] = sums[index]
      guard sample.isFinite else { continue }
      let value = Double(sample - origin)
      sums[index + 1].count += 1
      sums[index + 1].sum += value
      sums[index + 1].squares += value * value
    }
    var result = self
    for index in samples.indices where samples[index].isFinite {
      let (low, high) = (sums[max(0, index - half)], sums[min(samples.count, index + half + 1)])
      let count = high.count - low.count
      let mean = (high.sum - low.sum) / count
      let variance = max(0, (high.squares - low.squares) / count - mean * mean)
      result.samples[index] = Float(log1p(variance.squareRoot()))
    }
    return result
  }

  /// Takes the samples of a stretch of time for missing.
  mutating func remove(_ stretch: ClosedRange<Double>) {
    func place(_ seconds: Double) -> Double { (seconds - startSeconds) * sampleRateHz }
    let first = max(0, place(stretch.lowerBound).rounded(.up))
    let last = min(Double(samples.count - 1), place(stretch.upperBound).rounded(.down))
    guard first <= last else { return }
    for index in Int(first)...Int(last) { samples[index] = .nan }
  }

  /// How many samples the file has from one sample of the series on; `nil` where it has no times of its own.
  func recorded(from start: Int, count: Int) -> Int? {
    guard let recordedSeconds else { return nil }
    let begin = startSeconds + Double(start) / sampleRateHz
    let end = begin + Double(count) / sampleRateHz
    return recordedSeconds.partitioningIndex { $0 >= end } - recordedSeconds.partitioningIndex { $0 >= begin }
  }
}
