import Foundation

/// The magnitude of maps' two-dimensional Fourier transforms.
public struct MapSpectrum: Hashable, Sendable {
  /// How magnitudes are written.
  public enum Scale: Hashable, Sendable {
    /// Absolute values, as `abs(numpy.fft.fft2(map))`.
    case linear
    /// `log(1 + magnitude)`.
    case logarithmic
  }

  public let rows: Int
  public let columns: Int
  public let scale: Scale
  /// Puts frequency 0 at `[rows / 2, columns / 2]`, as `numpy.fft.fftshift`; else it is at `[0, 0]`.
  public let centered: Bool

  /// - Throws: ``SignalError`` if a side is not positive.
  public init(rows: Int, columns: Int, scale: Scale = .logarithmic, centered: Bool = true) throws {
    guard min(rows, columns) >= 1 else {
      throw SignalError.setting(name: "a map of", found: "\(rows) x \(columns)", expected: "at least 1 x 1")
    }
    self.rows = rows
    self.columns = columns
    self.scale = scale
    self.centered = centered
  }

  /// - Parameter maps: `[maps, rows, columns]`.
  /// - Returns: `[maps, rows, columns]`: the second axis holds all frequencies of the columns, negative ones too.
  /// - Throws: ``SignalError`` if `maps` is no whole number of maps.
  public func callAsFunction(_ maps: [Float]) throws -> [Float] {
    let size = rows * columns
    let count = try rowCount(maps.count, of: size, "cells")
    let plan = try FourierPlan.cached(.realForward, shape: [rows, columns])
    return [Float](unsafeUninitializedCapacity: maps.count) { result, initialized in
      maps.withUnsafeBufferPointer { maps in
        guard let source = maps.baseAddress, let target = result.baseAddress else { return }
        plan.run(count) { index, input in
          input.update(from: source + index * size, count: size)
        } take: { index, spectrum in
          take(spectrum, into: target + index * size)
        }
      }
      initialized = maps.count
    }
  }

  /// Magnitudes of one half spectrum `[rows, columns / 2 + 1, 2]`, which is overwritten, mirrored to a whole `[rows,
  /// columns]`.
  func take(_ spectrum: UnsafeMutablePointer<Float>, into map: UnsafeMutablePointer<Float>) {
    let half = columns / 2 + 1
    // Magnitudes are written over values that were read before.
    var done = 0
    while done + 4 <= rows * half {
      let pairs = UnsafeRawPointer(spectrum + 2 * done).loadUnaligned(as: SIMD8<Float>.self)
      let (real, imaginary) = (pairs.evenHalf, pairs.oddHalf)
      let magnitudes = (real * real + imaginary * imaginary).squareRoot()
      UnsafeMutableRawPointer(spectrum + done).storeBytes(of: magnitudes, as: SIMD4<Float>.self)
      done += 4
    }
    for i in done..<rows * half {
      let (real, imaginary) = (spectrum[2 * i], spectrum[2 * i + 1])
      spectrum[i] = (real * real + imaginary * imaginary).squareRoot()
    }
    if scale == .logarithmic {
      for i in 0..<rows * half { spectrum[i] = logf(1 + spectrum[i]) }
    }
    let (downwards, across) = centered ? (rows / 2, columns / 2) : (0, 0)
    // A real map's spectrum at (-row, -column) is the conjugate of that at (row, column). Frequency 0 of a centred
    // row stands at `across`.
    let reach = columns - half
    for row in 0..<rows {
      let frequency = row < downwards ? row - downwards + rows : row - downwards
      let line = map + row * columns
      let positive = spectrum + frequency * half
      let negative = spectrum + (frequency == 0 ? 0 : rows - frequency) * half
      if centered {
        // Columns 0 ..< across hold the frequencies -across ... -1.
        for i in 0..<across { line[i] = negative[across - i] }
        for i in 0..<columns - across { line[across + i] = positive[i] }
      } else {
        line.update(from: positive, count: half)
        for i in 0..<reach { line[half + i] = negative[reach - i] }
      }
    }
  }
}
