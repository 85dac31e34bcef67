import Corpora
import Foundation
import Signals
import SleepCore

/// Turns windows of one channel into images of frequency over time.
struct SpectrogramWindowing {
  private let plan: SpectrogramPlan
  private let belowPeak: Float?

  init(_ settings: SpectrogramPreprocessing) throws {
    belowPeak = settings.floorBelowPeakDecibels.map(Float.init)
    let floor = Float(pow(10, (settings.floorDecibels ?? -120) / 10))
    plan = try SpectrogramPlan(
      windowSamples: settings.frameSamples, hopSamples: settings.hopSamples ?? max(1, settings.frameSamples / 2),
      framing: .padded, quantity: .decibels(floor: floor))
  }

  /// - Parameters:
  ///   - values: `[windows, samples]`.
  ///   - measured: One a window; the largest power is sought among those that are.
  /// - Returns: `[windows, frequencies, frames]`, and the shape of one.
  func images(_ values: [Float], samples: Int, measured: [Bool]) throws -> (values: [Float], shape: [Int]) {
    let (frames, bins) = (plan.frames(samples: samples), plan.bins)
    var images: [Float] = []
    images.reserveCapacity(values.count / samples * frames * bins)
    for start in stride(from: 0, to: values.count, by: samples) {
      let spectrum = try plan(Array(values[start..<start + samples]), samples: samples)
      for bin in 0..<bins {
        for frame in 0..<frames { images.append(spectrum[frame * bins + bin]) }
      }
    }
    if let belowPeak { Self.raise(&images, each: bins * frames, to: belowPeak, measured) }
    return (images, [bins, frames])
  }

  /// Raises what lies so far below the largest decibel of all windows that were measured.
  private static func raise(_ images: inout [Float], each size: Int, to belowPeak: Float, _ measured: [Bool]) {
    let peaks = measured.indices.filter { measured[$0] }
      .flatMap { images[$0 * size..<($0 + 1) * size].filter(\.isFinite).max().map { [$0] } ?? [] }
    guard let peak = peaks.max() else { return }
    // A NaN must stay one, so the floor is compared this way round.
    for index in images.indices where images[index] < peak - belowPeak { images[index] = peak - belowPeak }
  }
}
