import Foundation
import SleepCore

/// A mat of pressure sensors that a body lies on.
struct PressureMat {
  let rows: Int
  let columns: Int
  /// Distance of the sensors along and across the mat in metres.
  let rowMeters: Double
  let columnMeters: Double

  /// Where a person lies on the mat.
  struct Place {
    /// Crown of the head from the first row, and the spine from the middle, in metres.
    var top, side: Double
    /// Radians.
    var turn: Double
  }

  /// The pressure of a body, in the mat's units, row-major; its sum goes with the weight.
  func load(_ body: Body, _ person: Person, _ place: Place) -> [Double] {
    var map = [Double](repeating: 0, count: rows * columns)
    let (cosine, sine) = (cos(place.turn), sin(place.turn))
    let bulk = (person.weightKilograms / 76 / (person.heightMeters / 1.74)).squareRoot()
    for part in body.parts where part.weight > 0 {
      let (along, across) = (part.along - 0.45, part.across * bulk)
      let y = place.top + person.heightMeters * (0.45 + along * cosine - across * sine)
      let x = place.side + person.heightMeters * (along * sine + across * cosine)
      let row = y / rowMeters
      let column = x / columnMeters + Double(columns - 1) / 2
      let height = max(0.7, part.length * person.heightMeters / rowMeters)
      let width = max(0.7, part.width * bulk * person.heightMeters / columnMeters)
      let peak = 950 * person.weightKilograms * part.weight / (2 * .pi * height * width)
      let (firstRow, lastRow) = (max(0, Int(row - 3 * height)), min(rows - 1, Int(row + 3 * height) + 1))
      let (firstColumn, lastColumn) = (max(0, Int(column - 3 * width)), min(columns - 1, Int(column + 3 * width) + 1))
      guard firstRow <= lastRow, firstColumn <= lastColumn else { continue }
      for r in firstRow...lastRow {
        let dy = (Double(r) - row) / height
        for c in firstColumn...lastColumn {
          let dx = (Double(c) - column) / width
          map[r * columns + c] += peak * exp(-0.5 * (dx * dx + dy * dy))
        }
      }
    }
    return map
  }
}
