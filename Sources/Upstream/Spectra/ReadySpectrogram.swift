/// Maps that are spectrograms already: their columns are frames, their rows frequencies.
///
/// A cell is the mean of a band's values, which are logarithms, in a frame and its two neighbours. What is hidden, and a guard of two
/// frames and one or two rows beside it, takes on the mean of the map's other values.
package struct ReadySpectrogram: MaskedSpectrum {
  package let shape: [Int]
  /// The rows of each band.
  package let bands: [Range<Int>]
  private let rows: Int
  private let columns: Int

  package init(planes: Int, rows: Int, columns: Int, bands: Int) {
    self.rows = rows
    self.columns = columns
    self.bands = bandsOfEqualRatio(bands, bins: rows)
    shape = [planes, columns, self.bands.count]
  }

  /// Rows on either side of the hidden ones that are taken out with them.
  private var guardRows: Int { rows < 16 ? 1 : 2 }

  package func masked(_ windows: [Float], _ hidden: [HiddenRuns]) throws -> MaskedWindows {
    let size = rows * columns
    let maps = windows.count / size
    var result = windows
    var cells: [Float] = []
    cells.reserveCapacity(maps * columns * bands.count)
    for map in 0..<maps {
      for column in 0..<columns {
        for band in bands {
          cells.append(band.reduce(0) { $0 + windows[map * size + $1 * columns + column] } / Float(band.count))
        }
      }
      let runs = hidden[map / shape[0]]
      let lostColumns = runs.frames.widened(by: 2)
      let lostRows =
        runs.bands.isEmpty
        ? 0..<0
        : (bands[runs.bands.lowerBound].lowerBound..<bands[runs.bands.upperBound - 1].upperBound)
          .widened(by: guardRows)
      var (lost, sum, kept): ([Int], Float, Int) = ([], 0, 0)
      for row in 0..<rows {
        for column in 0..<columns {
          let place = map * size + row * columns + column
          if lostColumns.contains(column) || lostRows.contains(row) {
            lost.append(place)
          } else {
            sum += windows[place]
            kept += 1
          }
        }
      }
      for place in lost { result[place] = kept > 0 ? sum / Float(kept) : 0 }
    }
    smoothRows(&cells, rows: columns, columns: bands.count)
    return MaskedWindows(windows: result, cells: cells)
  }
}
