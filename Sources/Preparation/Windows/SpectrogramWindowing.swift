import Corpora
import Foundation
import Signals
import SleepCore

/// Turns windows of one channel into images of frequency over time.
struct SpectrogramWindowing {
  private let plan: SpectrogramPlan

  init(_ settings: SpectrogramPreprocessing) throws {
    let floor = Float(pow(10, (settings.floorDecibels ?? -120) / 10))
    plan = try SpectrogramPlan(
      windowSamples: settings.frameSamples, hopSamples: settings.hopSamples ?? max(1, settings.frameSamples / 2),
      framing: .padded, quantity: .decibels(floor: floor))
  }

  /// - Parameter values: `[windows, samples]`.
  /// - Returns: `[windows, frequencies, frames]`, and the shape of one.
  func images(_ values: [Float], samples: Int) throws -> (values: [Float], shape: [Int]) {
    let (frames, bins) = (plan.frames(samples: samples), plan.bins)
    var images: [Float] = []
    images.reserveCapacity(values.count / samples * frames * bins)
    for start in stride(from: 0, to: values.count, by: samples) {
      let spectrum = try plan(Array(values[start..<start + samples]), samples: samples)
      for bin in 0..<bins {
        for frame in 0..<frames { images.append(spectrum[frame * bins + bin]) }
      }
    }
    return (images, [bins, frames])
  }
}
