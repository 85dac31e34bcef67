package import Tensors

/// The generalised contrastive loss: each vector finds all others, the more alike the nearer they are by a distance that is given.
///
/// The cross-entropy between two distributions over the other windows of the batch: the softmax of how alike the vectors
/// are, and that of the negative distances. Yang, Liu, Wu, Borac, Katabi, Poh and McDuff, "SimPer: Simple Self-Supervised
/// Learning of Periodic Targets" (ICLR 2023), equation 2, with cosines for the likeness of vectors.
///
/// - Parameters:
///   - vectors: `[windows, width]` of any length.
///   - distances: `[windows, windows]`, not negative, without gradient.
///   - softness: The distance over which a weight falls by a factor of e, in mean distances of the batch.
/// - Returns: A scalar; 0 for less than three windows.
package func softContrast(_ vectors: Tensor, distances: Tensor, temperature: Double, softness: Double) throws -> Tensor
{
  let count = vectors.shape[0]
  let own = try Tensor.identity(count, device: vectors.device).isGreater(than: 0.5)
  let directions = try unit(vectors)
  let likeness = try (directions.matmul(directions.transposed(0, 1)) / temperature).filled(with: -1e4, where: own)
  let scale = try distances.filled(with: 0, where: own).sum() / Double(max(1, count * (count - 1)))
  let weights = try (distances * -1 / (scale * softness).clamp(1e-6)).filled(with: -1e4, where: own).softmax(1)
  return try (weights * likeness.logSoftmax(1)).filled(with: 0, where: own).sum([1]).mean() * -1
}
