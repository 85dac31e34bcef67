/// How a window of samples becomes a square map, so that it can be turned and seen as an image.
///
/// The side is the least with `side * side >= samples`: no sample is left out. Rows follow each other in time. The
/// cells behind the last sample hold the signal mirrored at it (`numpy.pad(mode="reflect")`), not zeros: a flat
/// border would tell how the map was turned.
public struct Folding: Hashable, Sendable {
  public let samples: Int
  public let side: Int

  /// - Throws: ``SignalError`` if there is no sample.
  public init(samples: Int) throws {
    guard samples >= 1 else { throw SignalError.tooShort(what: "folding to a map", samples: samples, expected: 1) }
    self.samples = samples
    var side = Int(Double(samples).squareRoot())
    while side * side < samples { side += 1 }
    self.side = side
  }

  /// - Parameter windows: `[windows, samples]`.
  /// - Returns: `[windows, side, side]`.
  /// - Throws: ``SignalError`` if `windows` is no whole number of windows.
  public func callAsFunction(_ windows: [Float]) throws -> [Float] {
    let count = try rowCount(windows.count, of: samples, "samples")
    let period = max(1, 2 * (samples - 1))
    let tail = (samples..<side * side).map { index in
      let place = index % period
      return place < samples ? place : period - place
    }
    var maps: [Float] = []
    maps.reserveCapacity(count * side * side)
    for window in 0..<count {
      let start = window * samples
      maps.append(contentsOf: windows[start..<start + samples])
      for place in tail { maps.append(windows[start + place]) }
    }
    return maps
  }

  /// The windows that were folded.
  ///
  /// - Parameter maps: `[windows, side, side]`.
  /// - Returns: `[windows, samples]`.
  /// - Throws: ``SignalError`` if `maps` is no whole number of maps.
  public func unfolded(_ maps: [Float]) throws -> [Float] {
    let count = try rowCount(maps.count, of: side * side, "cells")
    return (0..<count).flatMap { maps[$0 * side * side..<$0 * side * side + samples] }
  }
}
