package import Tensors

/// The mean squared error where something was hidden, and the share of the variance there that is explained.
///
/// The variance is about each feature's mean over the whole batch. A model that tells the means explains nothing; one that is
/// worse explains less than nothing. A batch without variance explains nothing either.
///
/// - Parameters:
///   - told: `[windows, …]`.
///   - truth: The same shape, without gradient.
///   - hidden: The same shape: 1 where it was hidden, else 0.
package func hiddenError(told: Tensor, truth: Tensor, hidden: Tensor) throws -> PretextResult {
  let count = try hidden.sum().clamp(1)
  let loss = try ((told - truth).power(2) * hidden).sum() / count
  let variance = try (((truth - truth.mean([0], keepAxes: true)).power(2) * hidden).sum() / count).item()
  return PretextResult(loss: loss, metric: variance > 1e-6 ? 1 - (try loss.item()) / variance : 0, chance: 0)
}
