import Foundation
import Signals

/// The frequencies of maps over space: those along the rows' axis stand where a signal has frames, those across the columns
/// where it has bands.
///
/// After Xie and others, "Masked Frequency Modeling for Self-Supervised Visual Pre-Training" (ICLR 2023), who take low or
/// high frequencies out of an image; here it is one run of each axis. A cell is the logarithm of the mean power of a frequency
/// and its neighbours on both axes; a guard of one frequency beside the hidden ones is taken out too, so that none of a
/// hidden cell is left in the map. A map with a reference has two channels.
package struct MapFrequencies: MaskedSpectrum {
  package let shape: [Int]
  private let rows: Int
  private let columns: Int

  package init(planes: Int, rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    shape = [planes, rows / 2 + 1, columns / 2 + 1]
  }

  package func masked(_ windows: [Float], _ hidden: [HiddenRuns]) throws -> MaskedWindows {
    let maps = windows.count / (rows * columns)
    let half = shape[2]
    // `[maps, across, along, 2]`.
    let lines = try FourierTransform.real(windows, length: columns)
    var spectrum = try FourierTransform.complex(transposed(lines, rows, half), length: rows)
    let cells = cells(spectrum, maps: maps)
    for map in 0..<maps {
      let runs = hidden[map / shape[0]]
      let (lostRows, lostColumns) = (runs.frames.widened(by: 1), runs.bands.widened(by: 1))
      for across in 0..<half {
        for along in 0..<rows where lostRows.contains(min(along, rows - along)) || lostColumns.contains(across) {
          let place = 2 * ((map * half + across) * rows + along)
          spectrum[place] = 0
          spectrum[place + 1] = 0
        }
      }
    }
    let back = try transposed(FourierTransform.inverseComplex(spectrum, length: rows), half, rows)
    return MaskedWindows(windows: try FourierTransform.inverseReal(back, length: columns), cells: cells)
  }

  /// `[maps, frequencies along, frequencies across]`.
  private func cells(_ spectrum: [Float], maps: Int) -> [Float] {
    let (along, across) = (shape[1], shape[2])
    let scale = 1 / Float(rows * columns)
    var powers = [Float](repeating: 0, count: maps * along * across)
    for map in 0..<maps {
      for row in 0..<along {
        for column in 0..<across {
          var sum: Float = 0
          for frequency in [row, (rows - row) % rows] {
            let place = 2 * ((map * across + column) * rows + frequency)
            let (real, imaginary) = (spectrum[place] * scale, spectrum[place + 1] * scale)
            sum += real * real + imaginary * imaginary
          }
          powers[(map * across + column) * along + row] = sum / 2
        }
      }
    }
    smoothRows(&powers, rows: across, columns: along)
    var turned = transposed(powers, across, along, floats: 1)
    smoothRows(&turned, rows: along, columns: across)
    for index in turned.indices { turned[index] = log(turned[index] + 1e-8) }
    return turned
  }

  /// Tables `[tables, rows, columns, floats]` with rows and columns changed over.
  private func transposed(_ values: [Float], _ rows: Int, _ columns: Int, floats: Int = 2) -> [Float] {
    var result = values
    let size = rows * columns
    for table in 0..<(values.count / (size * floats)) {
      for row in 0..<rows {
        for column in 0..<columns {
          for float in 0..<floats {
            result[(table * size + column * rows + row) * floats + float] =
              values[(table * size + row * columns + column) * floats + float]
          }
        }
      }
    }
    return result
  }
}
