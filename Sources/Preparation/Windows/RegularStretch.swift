import Corpora
import Foundation
import Signals
import SleepCore

/// Samples of one channel at one rate without a pause, on their way to the windows' rate.
struct RegularStretch {
  let startSeconds: Double
  let rateHz: Double
  let samples: [Float]

  /// What lies in the grid's windows that it has whole.
  func ofWholeWindows(_ grid: WindowGrid) -> RegularStretch {
    let windows = wholeWindows(grid)
    let first = place(of: grid.startSeconds + Double(windows.lowerBound) * grid.windowSeconds)
    let last = place(of: grid.startSeconds + Double(windows.upperBound) * grid.windowSeconds)
    let inside = first < last ? Array(samples[first..<last]) : []
    return RegularStretch(startSeconds: startSeconds + Double(first) / rateHz, rateHz: rateHz, samples: inside)
  }

  private func wholeWindows(_ grid: WindowGrid) -> Range<Int> {
    let begin = (startSeconds - grid.startSeconds) / grid.windowSeconds
    let end = begin + Double(samples.count) / rateHz / grid.windowSeconds
    let first = min(max((begin - 1e-6).rounded(.up), 0), Double(grid.count))
    return Int(first)..<Int(max(first, min((end + 1e-6).rounded(.down), Double(grid.count))))
  }

  /// The sample at some time, or the end that is nearest.
  private func place(of seconds: Double) -> Int {
    Int(min(max(((seconds - startSeconds) * rateHz).rounded(), 0), Double(samples.count)))
  }

  /// An edge that lies beyond what the rate can hold changes nothing, and is left out.
  func filtered(_ settings: SensorPreprocessing) throws -> RegularStretch {
    let low = settings.lowPassHz.flatMap { $0 < 0.499 * rateHz ? $0 : nil }
    let band: PassBand
    switch (settings.highPassHz, low) {
    case (nil, nil): return self
    case (let high?, nil): band = .high(high)
    case (nil, let low?): band = .low(low)
    case (let high?, let low?): band = .band(high, low)
    }
    let sections = try SecondOrderSections.butterworth(
      order: settings.filterOrder ?? 4, passBandHz: band, sampleRateHz: rateHz)
    guard samples.count > sections.edgeSamples else { return with([Float](repeating: .nan, count: samples.count)) }
    return with(try sections.filteredBothWays([samples]).first ?? [])
  }

  func resampled(to rate: Double, _ kind: Resampling, _ grid: WindowGrid) throws -> RegularStretch {
    guard abs(rateHz - rate) > 1e-9 * rate else { return self }
    switch kind {
    case .polyphase, .windowLines:
      // Resampling takes what is beyond the ends for zero, so the mean is put there.
      return with(
        try RateConversion(fromHz: rateHz, toHz: rate)(samples, level: Float(Self.mean(samples))), rate: rate)
    case .fourier: return with(try Self.fourier(samples, to: samples.count(from: rateHz, to: rate)), rate: rate)
    case .windowFourier: return try ofWholeWindows(grid).windowsResampled(to: rate, seconds: grid.windowSeconds)
    }
  }

  /// - Precondition: It consists of whole windows.
  private func windowsResampled(to rate: Double, seconds: Double) throws -> RegularStretch {
    let length = rateHz * seconds
    guard abs(length - length.rounded()) < 1e-6 * length, length >= 0.5 else {
      throw SignalError.setting(
        name: "a rate of", found: "\(rateHz) Hz",
        expected: "a whole number of samples in \(short(seconds)) s for 'resampling: window-fourier'")
    }
    let (own, new) = (Int(length.rounded()), Int((rate * seconds).rounded()))
    let windows = samples.count / own
    return with(
      try (0..<windows).flatMap { try Self.fourier(Array(samples[$0 * own..<($0 + 1) * own]), to: new) }, rate: rate)
  }

  /// Missing samples are bridged before the transform, which they would spoil whole, and what was made around them is missing.
  private static func fourier(_ samples: [Float], to count: Int) throws -> [Float] {
    guard samples.contains(where: { !$0.isFinite }) else {
      return try FourierTransform.resampled(samples, to: count)
    }
    guard samples.contains(where: \.isFinite) else { return [Float](repeating: .nan, count: count) }
    var result = try FourierTransform.resampled(samples.bridged(), to: count)
    let step = Double(samples.count) / Double(max(1, count))
    for index in result.indices {
      let place = Double(index) * step
      let (low, high) = (Int(place), min(samples.count - 1, Int(place.rounded(.up))))
      if !(samples[low].isFinite && samples[high].isFinite) { result[index] = .nan }
    }
    return result
  }

  /// The median of neighbouring samples, where the card asks for it.
  func smoothed(_ settings: SensorPreprocessing) throws -> RegularStretch {
    guard let width = settings.medianSamples else { return self }
    return with(try MedianFilter(width: width)(samples))
  }

  private func with(_ samples: [Float], rate: Double? = nil) -> RegularStretch {
    RegularStretch(startSeconds: startSeconds, rateHz: rate ?? rateHz, samples: samples)
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
}

extension [Float] {
  /// How many samples they become, rounded down, as SleepVST's authors count them.
  fileprivate func count(from native: Double, to rate: Double) -> Int { Int(Double(count) * (rate / native)) }

  /// Missing samples on straight lines between their neighbours, held at the ends.
  func bridged() -> [Float] {
    var result = self
    var last: Int?
    for index in indices where self[index].isFinite {
      let from = last ?? index
      if index - from > 1 {
        let step = (self[index] - self[from]) / Float(index - from)
        for missing in (from + 1)..<index { result[missing] = self[from] + step * Float(missing - from) }
      } else if last == nil {
        for missing in 0..<index { result[missing] = self[index] }
      }
      last = index
    }
    if let last { for missing in (last + 1)..<Swift.max(last + 1, count) { result[missing] = self[last] } }
    return result
  }
}
