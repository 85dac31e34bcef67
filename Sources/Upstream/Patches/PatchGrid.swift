import Layers
package import SleepCore
package import Tensors

/// A window cut into patches of one size: a signal into stretches of time, a map into rectangles.
///
/// What is left over at the end of a window, at the lower and the right border of a map, belongs to no patch. A signal is handled as
/// a map of one row, its channels as planes; a patch goes through all of them.
package struct PatchGrid: Sendable {
  /// A stretch of a signal is no shorter than this where the window has as many samples: fewer have no shape to tell.
  private static let fewestSamples = 4

  /// Channels of a signal; 2 of a map with its reference.
  package let planes: Int
  /// The window, one patch, and how many patches there are in each direction.
  package let window: (rows: Int, columns: Int)
  package let patch: (rows: Int, columns: Int)
  package let grid: (rows: Int, columns: Int)
  private let isMap: Bool

  /// - Parameters:
  ///   - stretches: About how many a signal is cut into, at the most.
  ///   - rectangle: The size of a map's patches, cut to that of a smaller map.
  package init(_ contract: WindowContract, stretches: Int, rectangle: (rows: Int, columns: Int)) {
    isMap = contract.sensor.isMap
    if isMap {
      (planes, window) = (contract.planes, contract.mapShape)
      patch = (min(rectangle.rows, window.rows), min(rectangle.columns, window.columns))
    } else {
      (planes, window) = (contract.shape[0], (1, contract.shape[1]))
      let samples = window.columns
      patch = (1, min(samples, max(Self.fewestSamples, (samples + stretches - 1) / stretches)))
    }
    grid = (window.rows / patch.rows, window.columns / patch.columns)
  }

  /// Patches in a window.
  package var count: Int { grid.rows * grid.columns }
  /// Values of one plane of a patch.
  package var cells: Int { patch.rows * patch.columns }

  /// The windows' patches, row by row.
  ///
  /// - Parameter windows: `[windows, planes, rows, columns]`.
  /// - Returns: `[windows, count, planes, cells]`.
  package func patches(_ windows: Tensor) throws -> Tensor {
    try windows.narrowed(2, 0..<(grid.rows * patch.rows)).narrowed(3, 0..<(grid.columns * patch.columns))
      .reshaped([-1, planes, grid.rows, patch.rows, grid.columns, patch.columns]).permuted([0, 2, 4, 1, 3, 5])
      .reshaped([-1, count, planes, cells])
  }

  /// Puts patches where they belong, with zeros in what belongs to none.
  ///
  /// - Parameter patches: `[windows, count, planes, cells]`; axes of size 1 stand for all.
  /// - Returns: `[windows, planes, rows, columns]`.
  package func joined(_ patches: Tensor) throws -> Tensor {
    let (windows, planes) = (patches.shape[0], patches.shape[2])
    let whole = (grid.rows * patch.rows, grid.columns * patch.columns)
    return try patches.expanded([windows, count, planes, cells])
      .reshaped([windows, grid.rows, grid.columns, planes, patch.rows, patch.columns]).permuted([0, 3, 1, 4, 2, 5])
      .reshaped([windows, planes, whole.0, whole.1])
      .padded([0, window.columns - whole.1, 0, window.rows - whole.0])
  }

  /// Hides as many patches of each window, drawn anew for each: at least one, and not the only one there is to see.
  ///
  /// - Parameter share: Of the patches, above 0 and below 1.
  /// - Returns: `[windows, count]`: 1 where a patch is hidden.
  package func hidden(_ windows: Int, share: Double, _ random: inout RandomSource) throws -> Tensor {
    let many = max(1, min(count - 1, Int((share * Double(count)).rounded())))
    var mask = [Float](repeating: 0, count: windows * count)
    for window in 0..<windows {
      for place in (0..<count).shuffled(using: &random).prefix(many) { mask[window * count + place] = 1 }
    }
    return try Tensor(mask, shape: [windows, count])
  }

  /// Where each patch lies: its time, or its row in the one half and its column in the other.
  ///
  /// - Parameter width: A multiple of 4.
  /// - Returns: `[count, width]`.
  package func positions(width: Int) throws -> Tensor {
    guard isMap else { return try sinusoids((0..<count).map(Double.init), width) }
    let places = 0..<count
    return try .concatenate(
      [
        sinusoids(places.map { Double($0 / grid.columns) }, width / 2),
        sinusoids(places.map { Double($0 % grid.columns) }, width / 2),
      ], axis: 1)
  }

  /// Where an encoder's tokens lie among the stretches of a signal, the tokens dividing it evenly.
  ///
  /// - Returns: `[tokens, width]`; `nil` of a map, whose tokens have no order.
  package func positions(ofTokens tokens: Int, width: Int) throws -> Tensor? {
    guard !isMap else { return nil }
    let step = Double(window.columns) / Double(patch.columns * tokens)
    return try sinusoids((0..<tokens).map { (Double($0) + 0.5) * step - 0.5 }, width)
  }
}

private func sinusoids(_ places: [Double], _ width: Int) throws -> Tensor {
  try SinusoidalPositions.make(at: Tensor(places.map { Float($0) }), width: width)
}
