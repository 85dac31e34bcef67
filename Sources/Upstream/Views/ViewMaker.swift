import Signals
public import SleepCore
public import Training

/// Makes views of windows that keep the windows' contract, so that an encoder takes them as it takes the windows.
///
/// A map, each plane of it, is brought to a square, turned or transformed there, and stretched back; each channel of a one-dimensional
/// window is folded to a square, row by row. Every view goes the whole way, the raw one too, so none is told by its blur:
/// windows of noise have four turns that no model tells apart. All views of a window have very nearly the same values, and
/// in the published form mean 0 and deviation 1: stretching smooths what varies quickly, so each view's values are replaced, in their order, by the
/// raw view's. The spectrum takes over the square's values before it is stretched, too: stretching smooths least at
/// the border, and how much that shows depends on the values. Where its frequency 0 lies is random, so the spectrum is no darker
/// at the border than in the middle.
public struct ViewMaker: Sendable {
  /// Squares in a window: channels of a signal.
  private let channels: Int
  private let square: ViewSquare
  private let stretch: BilinearResampling
  private let spectrum: MapSpectrum
  private let isStandardised: Bool

  /// - Parameter isStandardised: Whether a view has mean 0 and deviation 1; otherwise those of its window.
  /// - Throws: ``Signals/SignalError`` for a contract without samples.
  public init(_ contract: WindowContract, isStandardised: Bool = true) throws {
    self.isStandardised = isStandardised
    let (first, second) = contract.mapShape
    if min(first, second) < 1 {
      throw SignalError.setting(name: "a window of", found: "\(first) x \(second)", expected: "at least 1 x 1")
    }
    if contract.sensor.isMap {
      channels = contract.planes
      square = ViewSquare(rows: first, columns: second)
      stretch = try BilinearResampling(rows: square.side, columns: square.side, newRows: first, newColumns: second)
    } else {
      channels = first
      square = ViewSquare(samples: second)
      stretch = try BilinearResampling(rows: 1, columns: square.side * square.side, newRows: 1, newColumns: second)
    }
    spectrum = try MapSpectrum(rows: square.side, columns: square.side, scale: .logarithmic, centered: false)
  }

  /// - Parameters:
  ///   - windows: `[windows, channels, samples]`, or rows and columns.
  ///   - random: Where each spectrum has its frequency 0 is drawn from it.
  ///   - share: The windows whose views are wanted; all where `nil`. The views of the others are zeros.
  /// - Returns: `[views, windows, channels, samples]`: each window seen as each of `views`.
  /// - Throws: ``Signals/SignalError`` if `windows` is no whole number of windows.
  public func callAsFunction(
    _ windows: [Float], _ views: [View], _ random: inout RandomSource, of share: RowShare? = nil
  ) throws -> [Float] {
    let count = windows.count / (square.count * channels)
    let wanted = (0..<count).map { share?.has($0) ?? true }
    // Squares of the windows that are wanted, one behind the other.
    let squares = try squares(windows, where: wanted)
    let spectra = views.contains(.frequency) ? try spectrum(squares) : []
    let rows = windows.count / square.count
    let (size, cells, side) = (square.count, square.side * square.side, square.side)
    return [Float](unsafeUninitializedCapacity: views.count * windows.count) { result, initialized in
      squares.withUnsafeBufferPointer { squares in
        spectra.withUnsafeBufferPointer { spectra in
          guard let target = result.baseAddress, let source = squares.baseAddress else { return }
          withUnsafeTemporaryAllocation(of: Float.self, capacity: cells + size) { memory in
            guard let seen = memory.baseAddress else { return }
            let raw = seen + cells
            if wanted.contains(false) { target.initialize(repeating: 0, count: views.count * windows.count) }
            stretch.withScratch { scratch in
              var made = 0
              for row in 0..<rows {
                guard wanted[row / channels] else {
                  // What is drawn for the others does not depend on whose they are.
                  for view in views where QuarterTurn(rawValue: view.rawValue) == nil { _ = shift(&random) }
                  continue
                }
                let place = made * cells
                made += 1
                let cellsOfRow = source + place
                stretch.write(cellsOfRow, into: raw, scratch: scratch)
                let wanted = views == [.raw] ? nil : WantedValues(raw, size)
                for (number, view) in views.enumerated() {
                  let line = target + (number * rows + row) * size
                  if let turn = QuarterTurn(rawValue: view.rawValue) {
                    turn.write(cellsOfRow, into: seen, side: side)
                  } else if let spectrum = spectra.baseAddress {
                    roll(spectrum + place, by: shift(&random), into: seen)
                    WantedValues(cellsOfRow, cells).replace(seen)
                  }
                  stretch.write(seen, into: line, scratch: scratch)
                  if view != .raw { wanted?.replace(line) }
                  if isStandardised { standardise(line, size) }
                }
              }
            }
          }
        }
      }
      initialized = views.count * windows.count
    }
  }

  /// Where a spectrum has its frequency 0.
  private func shift(_ random: inout RandomSource) -> (rows: Int, columns: Int) {
    (Int.random(in: 0..<square.side, using: &random), Int.random(in: 0..<square.side, using: &random))
  }

  /// Each channel of each window as a square, `[windows, channels, side, side]`.
  ///
  /// - Parameter wanted: Which windows; all where `nil`.
  package func squares(_ windows: [Float], where wanted: [Bool]? = nil) throws -> [Float] {
    guard windows.count.isMultiple(of: square.count * channels) else {
      throw SignalError.unevenCount(what: "values", found: windows.count, multipleOf: square.count * channels)
    }
    let (rows, cells) = (windows.count / square.count, square.side * square.side)
    let made = (0..<rows).filter { wanted?[$0 / channels] ?? true }
    return [Float](unsafeUninitializedCapacity: made.count * cells) { result, initialized in
      windows.withUnsafeBufferPointer { windows in
        guard let source = windows.baseAddress, let target = result.baseAddress else { return }
        for (place, row) in made.enumerated() {
          square.write(source + row * square.count, into: target + place * cells)
        }
      }
      initialized = made.count * cells
    }
  }

  /// Moves a square's cells down and to the right; what leaves it comes in at the other side.
  private func roll(
    _ map: UnsafePointer<Float>, by shift: (rows: Int, columns: Int), into result: UnsafeMutablePointer<Float>
  ) {
    let side = square.side
    for row in 0..<side {
      let (line, other) = (result + (row + shift.rows) % side * side, map + row * side)
      (line + shift.columns).update(from: other, count: side - shift.columns)
      line.update(from: other + side - shift.columns, count: shift.columns)
    }
  }
}
