/// Turns of a square map counter-clockwise, as `numpy.rot90` (and so `rot90(map, turns)`).
public enum QuarterTurn: Int, CaseIterable, Hashable, Sendable {
  case none = 0
  case once = 1
  case twice = 2
  case thrice = 3

  /// The angle in degrees.
  public var degrees: Int { 90 * rawValue }

  /// - Parameters:
  ///   - maps: `[maps, side, side]`.
  ///   - side: Cells along a side.
  /// - Returns: The same shape.
  /// - Throws: ``SignalError`` if `maps` is no whole number of square maps.
  public func callAsFunction(_ maps: [Float], side: Int) throws -> [Float] {
    guard (1...(1 << 16)).contains(side) else {
      throw SignalError.setting(name: "a side of", found: "\(side)", expected: "1 to \(1 << 16)")
    }
    let count = try rowCount(maps.count, of: side * side, "cells")
    return [Float](unsafeUninitializedCapacity: maps.count) { result, initialized in
      maps.withUnsafeBufferPointer { maps in
        guard let source = maps.baseAddress, let target = result.baseAddress else { return }
        for index in 0..<count { write(source + index * side * side, into: target + index * side * side, side: side) }
      }
      initialized = maps.count
    }
  }

  /// Turns one map into other memory.
  package func write(_ map: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, side: Int) {
    let last = side - 1
    switch self {
    case .none:
      result.update(from: map, count: side * side)
    case .once:
      transpose(from: map, side, into: result + last * side, -side, side: side)
    case .twice:
      let end = side * side - 1
      for i in 0...end { result[i] = map[end - i] }
    case .thrice:
      transpose(from: map + last * side, -side, into: result, side, side: side)
    }
  }

  /// Writes row `i`'s cells down column `i`. A negative stride walks rows from the last to the first.
  private func transpose(
    from map: UnsafePointer<Float>, _ mapStride: Int, into result: UnsafeMutablePointer<Float>, _ resultStride: Int,
    side: Int
  ) {
    typealias Quad = SIMD4<Float>
    let whole = side & ~3
    // Blocks of 4 x 4 in registers: single cells would each touch another cache line.
    for row in stride(from: 0, to: whole, by: 4) {
      for column in stride(from: 0, to: whole, by: 4) {
        let from = UnsafeRawPointer(map + row * mapStride + column)
        let step = mapStride * MemoryLayout<Float>.size
        let a = from.loadUnaligned(as: Quad.self)
        let b = (from + step).loadUnaligned(as: Quad.self)
        let c = (from + 2 * step).loadUnaligned(as: Quad.self)
        let d = (from + 3 * step).loadUnaligned(as: Quad.self)
        let to = UnsafeMutableRawPointer(result + column * resultStride + row)
        let next = resultStride * MemoryLayout<Float>.size
        to.storeBytes(of: Quad(a[0], b[0], c[0], d[0]), as: Quad.self)
        (to + next).storeBytes(of: Quad(a[1], b[1], c[1], d[1]), as: Quad.self)
        (to + 2 * next).storeBytes(of: Quad(a[2], b[2], c[2], d[2]), as: Quad.self)
        (to + 3 * next).storeBytes(of: Quad(a[3], b[3], c[3], d[3]), as: Quad.self)
      }
    }
    for row in 0..<side {
      for column in (row < whole ? whole : 0)..<side {
        result[column * resultStride + row] = map[row * mapStride + column]
      }
    }
  }
}
