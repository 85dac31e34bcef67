/// How a window, or one channel of it, becomes the square in which it is turned.
///
/// The square is the largest whose cells are all alike: whole numbers of rows (or columns) of a map are averaged, and samples of
/// a signal are taken as they are, row by row; what is left over at both ends is cut off. Interpolation to a square, or
/// padding to one, would leave marks that turn with the window.
struct ViewSquare: Hashable, Sendable {
  let side: Int
  private let rows: Int
  private let columns: Int
  /// Rows, or columns, that are averaged to one.
  private let factor: Int
  private let isMap: Bool

  init(rows: Int, columns: Int) {
    let (short, long) = (min(rows, columns), max(rows, columns))
    side = short
    factor = long / short
    self.rows = rows
    self.columns = columns
    isMap = true
  }

  init(samples: Int) {
    var side = Int(Double(samples).squareRoot())
    while side * side > samples { side -= 1 }
    self.side = side
    rows = 1
    columns = samples
    factor = 1
    isMap = false
  }

  /// Values in what comes.
  var count: Int { rows * columns }

  func write(_ window: UnsafePointer<Float>, into square: UnsafeMutablePointer<Float>) {
    guard isMap else {
      square.update(from: window + (columns - side * side) / 2, count: side * side)
      return
    }
    let (down, across) = rows > columns ? (factor, 1) : (1, factor)
    let first = (rows - side * down) / 2 * columns + (columns - side * across) / 2
    let share = 1 / Float(factor)
    for row in 0..<side {
      for column in 0..<side {
        var sum: Float = 0
        let start = first + row * down * columns + column * across
        for y in 0..<down { for x in 0..<across { sum += window[start + y * columns + x] } }
        square[row * side + column] = sum * share
      }
    }
  }
}
