import Foundation
import Tensors

/// How many multiplications with additions the machine does in a second at the best: those of a large matrix product in single precision.
enum PeakRate {
  private static let side = 2048

  /// The best of some products.
  static func measure() throws -> Double {
    let random = try Generator(seed: 1)
    let (a, b) = (
      try Tensor.normal([side, side], generator: random), try Tensor.normal([side, side], generator: random)
    )
    let times = try (0..<6).map { _ in
      let clock = ContinuousClock.now
      _ = try a.matmul(b).shape
      return (ContinuousClock.now - clock) / .seconds(1)
    }
    return Double(side * side * side) / (times.min() ?? .nan)
  }
}
