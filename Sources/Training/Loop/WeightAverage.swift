public import Layers
import Tensors

/// A copy of a training's weights that moves slowly after them, and is what is read in validation and kept in the end.
///
/// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992), with weights that fade exponentially. Early on it moves faster,
/// by `(1 + steps) / (10 + steps)`, so that the weights with which a training began are soon forgotten. Running statistics and what is not trained are
/// those of the training.
public final class WeightAverage {
  private let store: ParameterStore
  private let decay: Double
  private var copies: [Tensor]

  /// Starts equal to the weights; `nil` where there is to be none.
  ///
  /// - Parameter decay: How much of itself the copy keeps in each step; 0 is no copy.
  public init?(of store: ParameterStore, decay: Double) throws {
    guard decay > 0 else { return nil }
    (self.store, self.decay) = (store, decay)
    copies = try store.snapshot()
  }

  /// Moves towards the weights.
  ///
  /// - Parameter steps: Taken before this one.
  public func follow(after steps: Int) throws {
    let keeps = min(decay, Double(1 + steps) / Double(10 + steps))
    try LibTorch.withoutGradients {
      for (copy, entry) in zip(copies, store.entries) {
        if entry.kind == .parameter, entry.tensor.requiresGradient {
          try copy.scale(by: keeps)
          try copy.add(entry.tensor.detach(), scale: 1 - keeps)
        } else {
          try copy.assign(entry.tensor.detach())
        }
      }
    }
  }

  /// Does something with the copy in the place of the weights.
  public func inPlace<Result>(_ body: () throws -> Result) throws -> Result {
    try exchange()
    let result = Swift.Result { try body() }
    try exchange()
    return try result.get()
  }

  /// Puts the copy in the place of the weights for good.
  public func settle() throws { try store.restore(copies) }

  private func exchange() throws {
    let weights = try store.snapshot()
    try store.restore(copies)
    copies = weights
  }
}

extension WeightAverage: Resumable {
  public func save(to state: inout TrainingState, as name: String) throws {
    for (entry, copy) in zip(store.entries, copies) { try state.put("\(name)/\(entry.name)", copy) }
  }

  public func load(from state: TrainingState, as name: String) throws {
    copies = try store.entries.map { try state.tensor("\(name)/\($0.name)").to(store.device).clone() }
  }
}
