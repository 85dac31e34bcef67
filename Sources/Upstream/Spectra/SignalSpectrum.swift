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
    let size = shape[0] * samples
    var (seen, cells): ([Float], [Float]) = ([], [])
    seen.reserveCapacity(windows.count)
    // So many windows at a time that a processor's cache holds their spectra.
    for first in stride(from: 0, to: hidden.count, by: 8) {
      let some = first..<min(first + 8, hidden.count)
      var spectrum = try plan(Array(windows[(some.lowerBound * size)..<(some.upperBound * size)]), samples: samples)
      cells += self.cells(spectrum, rows: some.count * shape[0])
      hide(hidden[some], in: &spectrum)
      seen += try joined(spectrum, rows: some.count * shape[0])
    }
    return MaskedWindows(windows: seen, cells: cells)
  }

  /// Makes zeros of what is hidden, in each window's channels.
  private func hide(_ hidden: ArraySlice<HiddenRuns>, in spectrum: inout [Float]) {
    let (bins, all) = (plan.bins, 0..<plan.bins)
    var start = 0
    for runs in hidden {
      let lostFrames = runs.frames.widened(by: 2)
      let lostBins =
        runs.bands.isEmpty
        ? 0..<0
        : (bands[runs.bands.lowerBound].lowerBound..<bands[runs.bands.upperBound - 1].upperBound)
          .widened(by: guardBins).clamped(to: all)
      for _ in 0..<shape[0] {
        for frame in 0..<frames {
          let lost = lostFrames.contains(frame) ? all : lostBins
          for float in (2 * (start + lost.lowerBound))..<(2 * (start + lost.upperBound)) { spectrum[float] = 0 }
          start += bins
        }
      }
    }
  }

  /// `[rows, frames, bands]`.
  private func cells(_ spectrum: [Float], rows: Int) -> [Float] {
    let (bins, count) = (plan.bins, bands.count)
    var powers = [Float](repeating: 0, count: rows * frames * count)
    spectrum.withUnsafeBufferPointer { spectrum in
      guard let floats = spectrum.baseAddress else { return }
      for place in 0..<(rows * frames) {
        for (band, range) in bands.enumerated() {
          let own = floats + 2 * (place * bins + range.lowerBound)
          powers[place * count + band] = sumOfSquares(own, 2 * range.count) / Float(range.count)
        }
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
    let scaled = taper.map { $0 * scale }
    let pieces = try FourierTransform.inverseReal(spectrum, length: length)
    let padded = (frames - 1) * hop + length
    var weights = [Float](repeating: 0, count: padded)
    for frame in 0..<frames { for i in 0..<length { weights[frame * hop + i] += taper[i] * taper[i] } }
    let factors = weights.map { 1 / max(1e-6, $0) }
    return [Float](unsafeUninitializedCapacity: rows * samples) { result, initialized in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) { sum in
        for row in 0..<rows {
          sum.update(repeating: 0)
          for frame in 0..<frames {
            let (piece, start) = ((row * frames + frame) * length, frame * hop)
            for i in 0..<length { sum[start + i] += pieces[piece + i] * scaled[i] }
          }
          for sample in 0..<samples {
            result[row * samples + sample] = sum[sample + length / 2] * factors[sample + length / 2]
          }
        }
      }
      initialized = rows * samples
    }
  }
}

/// The sum of squares, several at a time.
private func sumOfSquares(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
  typealias Lanes = SIMD8<Float>
  let whole = count & ~7
  var lanes = Lanes.zero
  for i in stride(from: 0, to: whole, by: 8) {
    let next = UnsafeRawPointer(values + i).loadUnaligned(as: Lanes.self)
    lanes += next * next
  }
  return (whole..<count).reduce(lanes.sum()) { $0 + values[$1] * values[$1] }
}
