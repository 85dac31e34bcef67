package import Tensors

/// How far predictions point away from what they should be: the mean squared distance of both at length 1, `2 - 2 cos`.
///
/// Equation 2 of Grill and others, "Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning" (NeurIPS 2020).
///
/// - Parameters:
///   - predictions: `[windows, width]` of any length.
///   - targets: The same shape; no gradient should come of them.
/// - Returns: A scalar, in `0...4`: 0 of the same direction, 2 at right angles.
package func directionError(_ predictions: Tensor, _ targets: Tensor) throws -> Tensor {
  try (unit(predictions) - unit(targets)).power(2).sum([1]).mean()
}

/// BYOL's loss: how far what was predicted of each view points away from what the slow copy makes of its partner, both ways.
///
/// - Parameters:
///   - predictions: `[2 * pairs, width]`: of the first members of all pairs, then of the second ones.
///   - targets: The same shape, of the same views; no gradient should come of them.
/// - Returns: A scalar, in `0...8`: the sum of both ways.
package func bootstrapError(_ predictions: Tensor, _ targets: Tensor) throws -> Tensor {
  // The mean over both ways is half of their sum.
  try directionError(predictions, targets.rolled([targets.shape[0] / 2], axes: [0])) * 2
}
