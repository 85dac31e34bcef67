package import Tensors

/// The logistic loss of questions that are answered by yes or no.
///
/// It is `log(1 + exp(-y w))`, the mean over questions, of Banville and others, "Uncovering the structure of clinical
/// EEG signals with self-supervised learning" (Journal of Neural Engineering 2021), with `y` 1 for yes and -1 for no.
/// The metric is the share of right answers, and chance 0.5: as often yes as no is drawn.
///
/// - Parameters:
///   - logits: `[questions, 1]`; above 0 is yes.
///   - truth: One a question.
package func yesOrNo(_ logits: Tensor, truth: [Bool]) throws -> PretextResult {
  let truth = try Tensor(truth.map { $0 ? Float(1) : 0 }, shape: [truth.count, 1]).to(logits.device)
  let answers = try logits.isGreater(than: 0).to(.float32)
  return PretextResult(
    loss: try logits.binaryCrossEntropy(truth), metric: try answers.equals(truth).to(.float32).mean().item(),
    chance: 0.5)
}
