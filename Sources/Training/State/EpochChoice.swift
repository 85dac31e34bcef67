package import Layers
package import Tensors

/// The epoch that a validation measure likes best, the first of equals, with its weights.
package struct EpochChoice {
  package struct Best {
    package let epoch: Int
    package let value: Double
    package let weights: [Tensor]
  }

  /// `nil` before the first epoch, and where nothing is chosen.
  package private(set) var best: Best?
  /// Epochs without improvement after which training stops; 0 never stops early.
  package let patience: Int

  package init(patience: Int) { self.patience = patience }

  /// Keeps an epoch's weights where its measure, of which more is better, is above all before.
  package mutating func consider(_ epoch: Int, value: Double, _ store: ParameterStore) throws {
    if let best, !(value > best.value) { return }
    best = Best(epoch: epoch, value: value, weights: try store.snapshot())
  }

  /// Whether patience is at its end after so many epochs.
  package func isOver(after epochs: Int) -> Bool {
    guard patience > 0, let best else { return false }
    return epochs - 1 - best.epoch >= patience
  }
}

extension EpochChoice {
  private struct Kept: Codable {
    let epoch: Int
    let value: Double
  }

  package func save(to state: inout TrainingState, as name: String) throws {
    try state.put(name, best.map { Kept(epoch: $0.epoch, value: $0.value) })
    for (number, tensor) in (best?.weights ?? []).enumerated() { try state.put("\(name)/\(number)", tensor) }
  }

  /// Goes on with what was kept of a store's training.
  package init(patience: Int, from state: TrainingState, as name: String, _ store: ParameterStore) throws {
    self.patience = patience
    guard let kept: Kept = try state.value(name, as: Kept?.self) else { return }
    let weights = try store.entries.indices.map { try state.tensor("\(name)/\($0)").to(store.device) }
    best = Best(epoch: kept.epoch, value: kept.value, weights: weights)
  }
}
