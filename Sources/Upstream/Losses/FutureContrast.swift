package import Tensors

/// InfoNCE: each prediction of a later vector finds it among the later vectors of its group's runs.
///
/// Van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive Coding" (2018), equation 4: the
/// softmax over the inner products of a prediction with what it may be of. The loss is the mean over steps and runs,
/// the metric how often the true one has the greatest product, and chance one among those that a prediction is compared
/// with.
///
/// - Parameters:
///   - predictions: `[steps, runs, width]`.
///   - futures: The same shape: what came, at the same step of each run.
///   - groups: One a run. Runs of other groups are not compared.
package func futureContrast(_ predictions: Tensor, _ futures: Tensor, groups: [Int]) throws -> PretextResult {
  let (steps, runs, _) = try predictions.shape3()
  precondition(groups.count == runs, "a group for each run")
  let apart = groups.flatMap { own in groups.map { $0 != own } }
  let mask = try Tensor(apart, shape: [1, runs, runs]).to(predictions.device)
  let products = try predictions.matmul(futures.transposed(1, 2)).filled(with: -1e9, where: mask)
  let logits = try products.reshaped([steps * runs, runs])
  let truth = try Tensor((0..<steps).flatMap { _ in (0..<runs).map(Int64.init) }).to(predictions.device)
  let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
  let chance = groups.reduce(0.0) { sum, own in sum + 1 / Double(groups.count { $0 == own }) } / Double(runs)
  return PretextResult(loss: try logits.crossEntropy(truth), metric: accuracy, chance: chance)
}
