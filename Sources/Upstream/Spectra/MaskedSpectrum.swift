import Foundation
package import SleepCore

/// A picture of a window's frequencies, parts of which can be taken out of the window itself.
///
/// What a frame and a band are depends on the sensor: see ``SignalSpectrum``, ``MapFrequencies`` and ``ReadySpectrogram``.
package protocol MaskedSpectrum: Sendable {
  /// `[channels, frames, bands]`.
  var shape: [Int] { get }

  /// Takes one run of frames and one run of bands out of each window, the same in all its channels.
  ///
  /// - Parameters:
  ///   - windows: `[windows]` and the contract's shape.
  ///   - hidden: One a window.
  func masked(_ windows: [Float], _ hidden: [HiddenRuns]) throws -> MaskedWindows
}

/// Windows without what is to be told, and the whole windows' spectra.
package struct MaskedWindows {
  /// `[windows]` and the contract's shape, without what is hidden.
  package let windows: [Float]
  /// `[windows, channels, frames, bands]`: logarithms of power.
  package let cells: [Float]
}

/// The frames and bands of one window that are hidden.
package struct HiddenRuns: Hashable, Sendable {
  package let frames: Range<Int>
  package let bands: Range<Int>

  package init(frames: Range<Int>, bands: Range<Int>) {
    self.frames = frames
    self.bands = bands
  }

  /// Draws where the runs begin; each is one long at least, unless its share is 0, and leaves one frame or band.
  package init(frameShare: Double, bandShare: Double, of shape: [Int], _ random: inout RandomSource) {
    func run(_ share: Double, _ total: Int) -> Range<Int> {
      let length = share > 0 ? min(total - 1, max(1, Int((share * Double(total)).rounded()))) : 0
      let start = Int.random(in: 0...(total - length), using: &random)
      return start..<(start + length)
    }
    frames = run(frameShare, shape[1])
    bands = run(bandShare, shape[2])
  }

  /// Whether a cell is hidden.
  package func contains(frame: Int, band: Int) -> Bool { frames.contains(frame) || bands.contains(band) }
}

extension [HiddenRuns] {
  /// `[windows, channels, frames, bands]`: 1 where a cell is hidden.
  package func table(_ shape: [Int]) -> [Float] {
    flatMap { runs in
      (0..<shape[0]).flatMap { _ in
        (0..<shape[1]).flatMap { frame in
          (0..<shape[2]).map { runs.contains(frame: frame, band: $0) ? Float(1) : 0 }
        }
      }
    }
  }
}

extension Range<Int> {
  /// So many more on either side, of a range that is not empty.
  func widened(by count: Int) -> Range<Int> { isEmpty ? self : (lowerBound - count)..<(upperBound + count) }
}

/// Bands of nearly equal ratio over frequencies 0, 1, 2 …, each of one frequency at least; the first one has frequency 0.
package func bandsOfEqualRatio(_ count: Int, bins: Int) -> [Range<Int>] {
  let count = min(count, bins)
  var edges = [0]
  for number in 1..<max(1, count) {
    let edge = Int(pow(Double(bins), Double(number) / Double(count)).rounded())
    edges.append(max(edges[number - 1] + 1, min(edge, bins - (count - number))))
  }
  edges.append(bins)
  return zip(edges, edges.dropFirst()).map { $0..<$1 }
}

/// The mean of each row and its two neighbours, or its one at the ends, in place.
///
/// - Parameter values: `[tables, rows, columns]`.
func smoothRows(_ values: inout [Float], rows: Int, columns: Int) {
  let size = rows * columns
  for start in stride(from: 0, to: values.count, by: max(1, size)) {
    let before = Array(values[start..<(start + size)])
    for row in 0..<rows {
      let near = max(0, row - 1)...min(rows - 1, row + 1)
      for column in 0..<columns {
        values[start + row * columns + column] =
          near.reduce(0) { $0 + before[$1 * columns + column] } / Float(near.count)
      }
    }
  }
}
