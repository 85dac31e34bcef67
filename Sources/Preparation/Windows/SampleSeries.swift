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
  ///   - seconds: What to cut out; outside of the signal it is NaN.
  ///   - rate: The rate of the result.
  init(_ channel: SelectedChannel, settings: SensorPreprocessing, rate: Double, seconds: Range<Double>) throws {
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
      samples = try Self.filter(gridded, rate: rate, settings)
      return
    }
    samples = [Float](repeating: .nan, count: count)
    for part in channel.parts {
      guard case .regular(let start, let nativeRate) = part.timing else { continue }
      let filtered = try Self.filter(Self.scaled(part, by: channel.factor), rate: nativeRate, settings)
      let resampled = try Self.resample(filtered, from: nativeRate, to: rate)
      let offset = Int(((startSeconds - start) * rate).rounded())
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

  /// An edge that lies beyond what the rate can hold changes nothing, and is left out.
  private static func filter(_ samples: [Float], rate: Double, _ settings: SensorPreprocessing) throws -> [Float] {
    let low = settings.lowPassHz.flatMap { $0 < 0.499 * rate ? $0 : nil }
    let band: PassBand
    switch (settings.highPassHz, low) {
    case (nil, nil): return samples
    case (let high?, nil): band = .high(high)
    case (nil, let low?): band = .low(low)
    case (let high?, let low?): band = .band(high, low)
    }
    let sections = try SecondOrderSections.butterworth(
      order: settings.filterOrder ?? 4, passBandHz: band, sampleRateHz: rate)
    guard samples.count > sections.edgeSamples else { return [Float](repeating: .nan, count: samples.count) }
    return try sections.filteredBothWays([samples]).first ?? []
  }

  /// Resampling takes what is beyond the ends for zero, so the mean is put there.
  private static func resample(_ samples: [Float], from native: Double, to rate: Double) throws -> [Float] {
    guard abs(native - rate) > 1e-9 * rate else { return samples }
    return try RateConversion(fromHz: native, toHz: rate)(samples, level: Float(mean(samples)))
  }

  /// The mean of what is there; 0 where nothing is.
  private static func mean(_ samples: [Float]) -> Double {
    samples.withUnsafeBufferPointer { samples in
      // Four sums, so that none waits for another.
      var sums = SIMD4<Double>.zero
      let whole = samples.count & ~3
      for i in stride(from: 0, to: whole, by: 4) {
        sums += SIMD4(Double(samples[i]), Double(samples[i + 1]), Double(samples[i + 2]), Double(samples[i + 3]))
      }
      let sum = samples[whole...].reduce(sums.sum()) { $0 + Double($1) }
      if sum.isFinite, !samples.isEmpty { return sum / Double(samples.count) }
      var (count, rest) = (0, 0.0)
      for sample in samples where sample.isFinite {
        count += 1
        rest += Double(sample)
      }
      return count == 0 ? 0 : rest / Double(count)
    }
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

  /// Missing samples on straight lines between their neighbours, held at the ends.
  func completed() -> [Float] {
    var result = samples
    var last: Int?
    for index in samples.indices where samples[index].isFinite {
      let from = last ?? index
      if index - from > 1 {
        let step = (samples[index] - samples[from]) / Float(index - from)
        for missing in (from + 1)..<index { result[missing] = samples[from] + step * Float(missing - from) }
      } else if last == nil {
        for missing in 0..<index { result[missing] = samples[index] }
      }
      last = index
    }
    if let last { for missing in (last + 1)..<max(last + 1, samples.count) { result[missing] = samples[last] } }
    return result
  }
}
