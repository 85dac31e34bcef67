import Foundation

/// A taper that a frame is multiplied with before its spectrum is taken.
public enum WindowFunction: Hashable, Sendable {
  case rectangular
  case hann
  case hamming
  case blackman
  /// Kaiser's window; a larger `beta` is narrower, with lower side lobes.
  case kaiser(beta: Double)

  /// The window's values, as `scipy.signal.get_window` gives them.
  ///
  /// - Parameter periodic: Leaves out the last value of the symmetric window of one more sample, as spectra want it;
  ///   filters want the symmetric one.
  /// - Returns: `count` values; none where `count` is not positive.
  public func values(count: Int, periodic: Bool = true) -> [Double] {
    guard count > 1 else { return [Double](repeating: 1, count: max(0, count)) }
    let last = Double(periodic ? count : count - 1)
    return (0..<count).map { index in
      let angle = 2 * Double.pi * Double(index) / last
      switch self {
      case .rectangular: return 1
      case .hann: return 0.5 - 0.5 * cos(angle)
      case .hamming: return 0.54 - 0.46 * cos(angle)
      case .blackman: return 0.42 - 0.5 * cos(angle) + 0.08 * cos(2 * angle)
      case .kaiser(let beta):
        let position = 2 * Double(index) / last - 1
        return besselI0(beta * max(0, 1 - position * position).squareRoot()) / besselI0(beta)
      }
    }
  }
}

/// The modified Bessel function of the first kind and order 0, by its power series.
private func besselI0(_ x: Double) -> Double {
  let quarter = x * x / 4
  var (sum, term, k) = (1.0, 1.0, 1.0)
  while term > sum * 1e-17 {
    term *= quarter / (k * k)
    sum += term
    k += 1
  }
  return sum
}
