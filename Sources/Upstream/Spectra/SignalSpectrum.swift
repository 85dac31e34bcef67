import Foundation
import Signals

/// The short-time spectrum of a signal: frames in time, bands of equal ratio in frequency.
///
/// A cell is the logarithm of the mean power of a band's frequencies in a frame and its two neighbours: the power of one
/// frequency in one frame is mostly chance, which nothing can tell.
package struct SignalSpectrum: MaskedSpectrum {
  package let samples: Int
  package let shape: [Int]
  /// The frequencies of each band.
  package let bands: [Range<Int>]
  private let hop: Int
  private let plan: SpectrogramPlan
  private var frames: Int { shape[1] }

  package init(channels: Int, samples: Int, bands: Int) throws {
    self.samples = samples
    // About 16 frames a window, none shorter than 8 samples or longer than 256; a shorter window is one frame long at most.
    var length = 8
    while length * 2 <= 256, length * 2 <= samples / 8 { length *= 2 }
    length = min(length, max(2, samples / 2 * 2))
    hop = length / 2
    plan = try SpectrogramPlan(
      windowSamples: length, hopSamples: hop, window: .hann, framing: .padded, detrend: false, quantity: .complex)
    self.bands = bandsOfEqualRatio(bands, bins: plan.bins)
    shape = [channels, plan.frames(samples: samples), self.bands.count]
  }

  /// Frequencies on either side of the hidden ones that are taken out with them.
  private var guardBins: Int { plan.bins < 16 ? 1 : 2 }

  /// A cell reaches one frame farther than its own, frames overlap by half, and a frequency spreads to its neighbours, so a guard of two
  /// frames and ``guardBins`` frequencies on either side is taken out too: nothing of the hidden cells is left in the window.
  package func masked(_ windows: [Float], _ hidden: [HiddenRuns]) throws -> MaskedWindows {
    var spectrum = try plan(windows, samples: samples)
    let rows = windows.count / samples
    let cells = cells(spectrum, rows: rows)
    let bins = plan.bins
    for row in 0..<rows {
      let runs = hidden[row / shape[0]]
      let lostFrames = runs.frames.widened(by: 2)
      let lostBins =
        runs.bands.isEmpty
        ? 0..<0
        : (bands[runs.bands.lowerBound].lowerBound..<bands[runs.bands.upperBound - 1].upperBound)
          .widened(by: guardBins)
      for frame in 0..<frames {
        for bin in 0..<bins where lostFrames.contains(frame) || lostBins.contains(bin) {
          let cell = (row * frames + frame) * bins + bin
          spectrum[2 * cell] = 0
          spectrum[2 * cell + 1] = 0
        }
      }
    }
    return MaskedWindows(windows: try joined(spectrum, rows: rows), cells: cells)
  }

  /// `[rows, frames, bands]`.
  private func cells(_ spectrum: [Float], rows: Int) -> [Float] {
    let (bins, count) = (plan.bins, bands.count)
    var powers = [Float](repeating: 0, count: rows * frames * count)
    for place in 0..<(rows * frames) {
      for (band, range) in bands.enumerated() {
        var sum: Float = 0
        for bin in range {
          let (real, imaginary) = (spectrum[2 * (place * bins + bin)], spectrum[2 * (place * bins + bin) + 1])
          sum += real * real + imaginary * imaginary
        }
        powers[place * count + band] = sum / Float(range.count)
      }
    }
    smoothRows(&powers, rows: frames, columns: count)
    for index in powers.indices { powers[index] = log(powers[index] + 1e-8) }
    return powers
  }

  /// The windows whose padded short-time transform this is: overlapping frames added and divided by the windows' squares.
  private func joined(_ spectrum: [Float], rows: Int) throws -> [Float] {
    let length = plan.windowSamples
    let taper = WindowFunction.hann.values(count: length).map { Float($0) }
    let scale = taper.reduce(0, +)
    let pieces = try FourierTransform.inverseReal(spectrum, length: length)
    let padded = (frames - 1) * hop + length
    var weights = [Float](repeating: 0, count: padded)
    for frame in 0..<frames { for i in 0..<length { weights[frame * hop + i] += taper[i] * taper[i] } }
    var result = [Float](repeating: 0, count: rows * samples)
    var sum = [Float](repeating: 0, count: padded)
    for row in 0..<rows {
      for index in sum.indices { sum[index] = 0 }
      for frame in 0..<frames {
        for i in 0..<length { sum[frame * hop + i] += pieces[(row * frames + frame) * length + i] * taper[i] * scale }
      }
      for sample in 0..<samples {
        result[row * samples + sample] = sum[sample + length / 2] / max(1e-6, weights[sample + length / 2])
      }
    }
    return result
  }
}
