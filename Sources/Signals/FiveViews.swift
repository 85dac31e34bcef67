/// SSRM's five views of maps: as it is, turned by 90, 180 and 270 degrees counter-clockwise, and in the frequency
/// domain.
///
/// After "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (Zhao, Dong and Zhou, 2020). Maps
/// are resampled to a square first, so that a turned map has the shape of the others.
public struct FiveViews: Hashable, Sendable {
  /// The views in the order of the result's second axis.
  public static let names = ["raw", "90", "180", "270", "frequency"]

  public let side: Int
  private let resampling: BilinearResampling
  private let spectrum: MapSpectrum

  /// - Parameters:
  ///   - rows: Of the maps that come.
  ///   - columns: Of the maps that come.
  ///   - side: Of the views.
  ///   - scale: Of the frequency view, whose frequency 0 is in the middle.
  /// - Throws: ``SignalError`` if a side is not positive.
  public init(rows: Int, columns: Int, side: Int, scale: MapSpectrum.Scale = .logarithmic) throws {
    resampling = try BilinearResampling(rows: rows, columns: columns, newRows: side, newColumns: side)
    spectrum = try MapSpectrum(rows: side, columns: side, scale: scale)
    self.side = side
  }

  /// Floats of all views of `maps` maps.
  public func count(ofMaps maps: Int) -> Int { maps * 5 * side * side }

  /// - Parameter maps: `[maps, rows, columns]`.
  /// - Returns: `[maps, 5, side, side]`.
  /// - Throws: ``SignalError`` if `maps` is no whole number of maps.
  public func callAsFunction(_ maps: [Float]) throws -> [Float] {
    let size = count(ofMaps: try rowCount(maps.count, of: resampling.rows * resampling.columns, "cells"))
    return try [Float](unsafeUninitializedCapacity: size) { result, initialized in
      try maps.withUnsafeBufferPointer {
        try write($0, into: UnsafeMutableBufferPointer(rebasing: result[0..<size]))
      }
      initialized = size
    }
  }

  /// The same into memory of the caller's, which has exactly the result's size; it need not be initialised.
  public func write(_ maps: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>) throws {
    let cells = resampling.rows * resampling.columns
    let count = try rowCount(maps.count, of: cells, "cells")
    guard result.count == self.count(ofMaps: count) else {
      throw SignalError.mismatch(what: "floats of room", found: result.count, expected: self.count(ofMaps: count))
    }
    guard let source = maps.baseAddress, let target = result.baseAddress else { return }
    let plan = try FourierPlan.cached(.realForward, shape: [side, side])
    let size = side * side
    resampling.withScratch { scratch in
      plan.run(count) { index, input in
        resampling.write(source + index * cells, into: input, scratch: scratch)
        for turn in QuarterTurn.allCases {
          turn.write(input, into: target + (5 * index + turn.rawValue) * size, side: side)
        }
      } take: { index, half in
        spectrum.take(half, into: target + (5 * index + 4) * size)
      }
    }
  }
}
