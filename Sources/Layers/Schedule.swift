import Foundation

/// The learning rate of each step, as a factor of the first.
public enum Schedule: Sendable, Hashable {
  case constant
  /// Rises linearly over `warmup` steps, then falls by half a cosine to `floor` at step `total`.
  case cosine(warmup: Int, total: Int, floor: Double = 0)
  /// Half a cosine from 1 to `floor`, again and again; each period is `factor` times the one before.
  ///
  /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017).
  case restarts(first: Int, factor: Int = 1, floor: Double = 0)

  /// - Parameter step: Counted from 0.
  public func factor(at step: Int) -> Double {
    func half(_ share: Double, _ floor: Double) -> Double { floor + (1 - floor) * (1 + cos(.pi * share)) / 2 }
    switch self {
    case .constant: return 1
    case .cosine(let warmup, let total, let floor):
      if step < warmup { return Double(step + 1) / Double(warmup) }
      return half(min(1, Double(step - warmup) / Double(max(1, total - warmup))), floor)
    case .restarts(let first, let factor, let floor):
      var (period, place) = (max(1, first), step)
      if factor <= 1 { place %= period }
      while place >= period {
        place -= period
        period *= factor
      }
      return half(Double(place) / Double(period), floor)
    }
  }
}

/// Lowers the learning rate when a measure has stopped to improve, as PyTorch's `ReduceLROnPlateau`.
public struct PlateauSchedule: Codable, Sendable {
  public private(set) var factor = 1.0
  private var best = Double.infinity
  private var badEpochs = 0
  private let shrink: Double
  private let patience: Int
  private let threshold: Double
  private let minimum: Double

  /// - Parameters:
  ///   - shrink: What the rate is multiplied with.
  ///   - patience: Epochs without improvement that are let pass.
  ///   - threshold: The relative improvement that counts.
  public init(shrink: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, minimum: Double = 0) {
    self.shrink = shrink
    self.patience = patience
    self.threshold = threshold
    self.minimum = minimum
  }

  /// - Parameter loss: Of one epoch; smaller is better, and one that is not a number is no improvement.
  public mutating func record(_ loss: Double) {
    if loss < best * (1 - threshold) {
      best = loss
      badEpochs = 0
    } else {
      badEpochs += 1
    }
    if badEpochs > patience {
      factor = max(factor * shrink, minimum)
      badEpochs = 0
    }
  }
}
