import Foundation
import Signals
package import SleepCore

/// Takes frames and frequencies out of windows by their short-time Fourier transform, and puts the windows together again.
package struct MaskedSpectrum: Sendable {
  package let channels: Int
  package let samples: Int
  package let bands: Int
  private let hop: Int
  private let plan: SpectrogramPlan
  private let frames: Int

  package init(channels: Int, samples: Int, bands: Int) throws {
    self.channels = channels
    self.samples = samples
    self.bands = bands
    // About 16 frames a window, none shorter than 8 samples or longer than 256; a shorter window is one frame long at most.
    var length = 8
    while length * 2 <= 256, length * 2 <= samples / 8 { length *= 2 }
    length = min(length, max(2, samples / 2 * 2))
    hop = length / 2
    plan = try SpectrogramPlan(
      windowSamples: length, hopSamples: hop, window: .hann, framing: .padded, detrend: false, quantity: .complex)
    frames = plan.frames(samples: samples)
  }

  /// Frequencies on either side of the hidden ones that are taken out with them.
  private var guardBins: Int { plan.bins < 16 ? 1 : 2 }
  package var shape: [Int] { [channels, frames, plan.bins] }
  /// Cells of a window's spectrogram, all channels.
  package var cells: Int { channels * frames * plan.bins }
  /// Band powers of a window, all channels.
  package var powers: Int { channels * bands }

  package struct Masked {
    /// `[windows, channels, samples]`, without what is hidden.
    package let windows: [Float]
    /// `[windows, channels, frames, bins]`: the logarithm of the whole window's power.
    package let spectrogram: [Float]
    /// The same shape: 1 where it was taken out and is to be told; the guard beside it is not.
    package let hidden: [Float]
    /// `[windows, channels, bands]`: the logarithm of the whole window's power.
    package let powers: [Float]
  }

  /// Hides one run of frames and one run of frequencies of each window, the same in all its channels.
  ///
  /// Frames overlap by half and a frequency spreads to its neighbours, so a guard of one frame and ``guardBins`` frequencies
  /// on either side is taken out too: nothing of the hidden cells is left in the window.
  package func masked(_ windows: [Float], frames frameShare: Double, bins binShare: Double, random: inout RandomSource)
    throws
    -> Masked
  {
    let rows = windows.count / samples
    let count = rows / channels
    let bins = plan.bins
    var spectrum = try plan(windows, samples: samples)
    var spectrogram = [Float](repeating: 0, count: rows * frames * bins)
    for cell in spectrogram.indices {
      let (real, imaginary) = (spectrum[2 * cell], spectrum[2 * cell + 1])
      spectrogram[cell] = log(real * real + imaginary * imaginary + 1e-8)
    }
    var hidden = [Float](repeating: 0, count: spectrogram.count)
    func run(_ share: Double, of total: Int) -> Range<Int> {
      let length = share > 0 ? min(total - 1, max(1, Int((share * Double(total)).rounded()))) : 0
      let start = Int.random(in: 0...(total - length), using: &random)
      return start..<(start + length)
    }
    func widened(_ range: Range<Int>, by guardCells: Int) -> Range<Int> {
      range.isEmpty ? range : (range.lowerBound - guardCells)..<(range.upperBound + guardCells)
    }
    for window in 0..<count {
      let (hiddenFrames, hiddenBins) = (run(frameShare, of: frames), run(binShare, of: bins))
      let (lostFrames, lostBins) = (widened(hiddenFrames, by: 1), widened(hiddenBins, by: guardBins))
      for row in (window * channels)..<((window + 1) * channels) {
        for frame in 0..<frames {
          for bin in 0..<bins where lostFrames.contains(frame) || lostBins.contains(bin) {
            let cell = (row * frames + frame) * bins + bin
            if hiddenFrames.contains(frame) || hiddenBins.contains(bin) { hidden[cell] = 1 }
            spectrum[2 * cell] = 0
            spectrum[2 * cell + 1] = 0
          }
        }
      }
    }
    return Masked(
      windows: try joined(spectrum, rows: rows), spectrogram: spectrogram, hidden: hidden,
      powers: bandPowers(spectrogram, rows: rows))
  }

  /// The windows whose padded short-time transform this is: overlapping frames added and divided by the windows' squares.
  private func joined(_ spectrum: [Float], rows: Int) throws -> [Float] {
    let length = plan.windowSamples
    let taper = (0..<length).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length))) }
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

  /// Bands of equal ratio between the first frequency above 0 and the last.
  private func bandPowers(_ spectrogram: [Float], rows: Int) -> [Float] {
    let bins = plan.bins
    let edges = (0...bands).map { Int((pow(Double(bins), Double($0) / Double(bands))).rounded()) }
    var powers = [Float](repeating: 0, count: rows * bands)
    for row in 0..<rows {
      for band in 0..<bands {
        let range = min(edges[band], bins - 1)..<max(min(edges[band], bins - 1) + 1, min(edges[band + 1], bins))
        var sum: Float = 0
        for frame in 0..<frames { for bin in range { sum += exp(spectrogram[(row * frames + frame) * bins + bin]) } }
        powers[row * bands + band] = log(sum / Float(frames * range.count))
      }
    }
    return powers
  }
}
