import Foundation
package import SleepCore
import Tensors
import Training

/// Labels that are spread over classes near in angle.
///
/// Diaz and Marathe, "Soft Labels for Ordinal Regression" (CVPR 2019): a class's share is a softmax of less its distance, which is here
/// counted in steps of 30 degrees.
package struct SoftLabels {
  /// `[classes, classes]`: the shares of a label's row.
  package let shares: [[Double]]

  /// - Parameters:
  ///   - scheme: `nil` comes back where its classes have no angles.
  ///   - spread: The steps of 30 degrees over which a share falls by e; above 0.
  package init?(_ scheme: LabelScheme, spread: Double) {
    guard let degrees = scheme.degrees else { return nil }
    shares = degrees.map { row in
      let values = row.map { exp(-$0 / 30 / spread) }
      let sum = values.reduce(0, +)
      return values.map { $0 / sum }
    }
  }

  /// The cross-entropy of a batch's labels, its mean over the windows that have one.
  ///
  /// - Parameters:
  ///   - scores: `[windows, classes]`.
  ///   - weights: `[classes]`: what a window of a class counts.
  func loss(_ scores: Tensor, _ batch: DeviceBatch, weights: Tensor?) throws -> Tensor {
    let classes = shares.count
    let targets = batch.labels.flatMap { label in
      label < 0 ? [Float](repeating: 0, count: classes) : shares[Int(label)].map { Float($0) }
    }
    let places = try Tensor(batch.labels.map { Int64(max(0, $0)) }).to(batch.device)
    let known = try Tensor(batch.labels.map { $0 < 0 ? Float(0) : 1 }).to(batch.device)
    let counts = try weights.map { try $0.select(0, indices: places) * known } ?? known
    let losses = try -(Tensor(targets, shape: [batch.labels.count, classes]).to(batch.device) * scores.logSoftmax(1))
      .sum([1])
    return try (losses * counts).sum() / counts.sum()
  }
}
