import Layers
import Tensors
import Training

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

extension EpochChoice {
  private struct Kept: Codable {
    let epoch: Int
    let value: Double
  }

  func save(to state: inout TrainingState, as name: String) throws {
    try state.put(name, best.map { Kept(epoch: $0.epoch, value: $0.value) })
    for (number, tensor) in (best?.weights ?? []).enumerated() { try state.put("\(name)/\(number)", tensor) }
  }

  /// Goes on with what was kept of a store's training.
  init(patience: Int, from state: TrainingState, as name: String, _ store: ParameterStore) throws {
    self.patience = patience
    guard let kept: Kept = try state.value(name, as: Kept?.self) else { return }
    let weights = try store.entries.indices.map { try state.tensor("\(name)/\($0)").to(store.device) }
    best = Best(epoch: kept.epoch, value: kept.value, weights: weights)
  }
}
