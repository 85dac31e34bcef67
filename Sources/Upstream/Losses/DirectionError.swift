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
