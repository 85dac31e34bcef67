import Layers
import Tensors

/// The epoch that a validation measure likes best, the first of equals, with its weights.
struct EpochChoice {
  struct Best {
    let epoch: Int
    let value: Double
    let weights: [Tensor]
  }

  /// `nil` before the first epoch, and where nothing is chosen.
  private(set) var best: Best?
  /// Epochs without improvement after which training stops; 0 never stops early.
  let patience: Int

  init(patience: Int) { self.patience = patience }

  /// Keeps an epoch's weights where its measure, of which more is better, is above all before.
  mutating func consider(_ epoch: Int, value: Double, _ store: ParameterStore) throws {
    if let best, !(value > best.value) { return }
    best = Best(epoch: epoch, value: value, weights: try store.snapshot())
  }

  /// Whether patience is at its end after so many epochs.
  func isOver(after epochs: Int) -> Bool {
    guard patience > 0, let best else { return false }
    return epochs - 1 - best.epoch >= patience
  }
}
