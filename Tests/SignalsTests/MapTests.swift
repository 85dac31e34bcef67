import Foundation
import Signals
import TestSupport
import Testing

@Suite("Maps")
struct MapTests {
  let fixture = Fixture("maps")

  @Test("Bilinear resampling is PyTorch's", arguments: [(10, 70), (64, 9), (1, 1)])
  func bilinear(rows: Int, columns: Int) throws {
    let maps = try fixture.floats("maps").values
    let resampling = try BilinearResampling(rows: 64, columns: 32, newRows: rows, newColumns: columns)
    expectClose(try resampling(maps), try fixture.floats("bilinear_\(rows)_\(columns)").values)
    #expect(try BilinearResampling(rows: 64, columns: 32, newRows: 64, newColumns: 32)(maps) == maps)
  }

  @Test("The five views are PyTorch's and NumPy's", arguments: [(32, 2), (45, 1)])
  func fiveViews(side: Int, count: Int) throws {
    let maps = Array(try fixture.floats("maps").values.prefix(count * 64 * 32))
    let expected = try fixture.floats("views_\(side)")
    let square = try BilinearResampling(rows: 64, columns: 32, newRows: side, newColumns: side)(maps)
    let size = side * side
    let parts =
      try QuarterTurn.allCases.map { try $0(square, side: side) }
      + [MapSpectrum(rows: side, columns: side)(square)]
    let actual = (0..<count).flatMap { map in parts.flatMap { $0[(map * size)..<((map + 1) * size)] } }
    expectClose(
      actual, expected.values, shape: [count, parts.count, side, side], expectedShape: expected.shape, absolute: 1e-5)
  }

  @Test("Quarter turns are NumPy's for every small side", arguments: 1...9)
  func turns(side: Int) throws {
    let map = (0..<side * side).map(Float.init)
    #expect(try QuarterTurn.none(map, side: side) == map)
    let once = try QuarterTurn.once(map, side: side)
    for row in 0..<side {
      for column in 0..<side { #expect(once[row * side + column] == map[column * side + side - 1 - row]) }
    }
    let twice = try QuarterTurn.once(once, side: side)
    #expect(try QuarterTurn.twice(map, side: side) == twice)
    #expect(try QuarterTurn.thrice(map, side: side) == QuarterTurn.once(twice, side: side))
  }

  @Test("Magnitude spectra are NumPy's, with frequency 0 in the corner and in the middle")
  func spectrum() throws {
    let maps = try fixture.floats("maps").values
    func crop(_ rows: Int, _ columns: Int) -> [Float] {
      (0..<3 * rows).flatMap { row in
        let start = row / rows * 2048 + row % rows * 32
        return maps[start..<start + columns]
      }
    }
    let cases = [(64, 32, false), (9, 7, true), (6, 7, false)]
    for (rows, columns, centered) in cases {
      let spectrum = try MapSpectrum(rows: rows, columns: columns, scale: .linear, centered: centered)
      expectClose(
        try spectrum(crop(rows, columns)), try fixture.floats("spectrum_\(rows)_\(columns)").values, absolute: 5e-3)
    }
  }

  @Test("Bad maps are refused")
  func refused() {
    expectWords("found a map of 0 x 4, expected at least 1 x 1") { try MapSpectrum(rows: 0, columns: 4) }
    expectWords("found a map of 4 x 0, expected at least 1 x 1") { try MapSpectrum(rows: 4, columns: 0) }
    expectWords("found 7 cells, expected a multiple of 4") {
      try QuarterTurn.once([Float](repeating: 0, count: 7), side: 2)
    }
    expectWords("found a side of -1, expected 1 to 65536") { try QuarterTurn.once([0], side: -1) }
  }
}
