public import Layers
import Tensors

/// Another set of weights than those that are trained, made of them: it is what is read in validation and kept in the end.
///
/// Which one the recipe says. `averaging` is a copy that moves slowly after the weights, step by step: Polyak and Juditsky, "Acceleration of
/// Stochastic Approximation by Averaging" (1992), with weights that fade exponentially. Early on it moves faster, by
/// `(1 + steps) / (10 + steps)`, so that the weights with which a training began are soon forgotten; running statistics are those of the
/// training. `average_last` is the mean of the weights at the ends of the last epochs: Izmailov and others, "Averaging Weights Leads to Wider
/// Optima and Better Generalization" (UAI 2018), over as many epochs as there are, the last ones, after each epoch, as Kaddour, "Stop Wasting My
/// Time! Saving Days of ImageNet and BERT Training with Latest Weight Averaging" (2022); running statistics are averaged as weights are, and not
/// taken anew by another pass over the data. What is not trained is the training's.
public final class WeightAverage {
  private enum Rule {
    case moving(decay: Double)
    case lastEpochs(Int)
  }

  private let store: ParameterStore
  private let rule: Rule
  /// What is read and kept.
  private var copies: [Tensor]
  /// The weights at the ends of the last epochs, the newest last; none of a moving copy.
  private var ends: [[Tensor]] = []

  /// Starts equal to the weights; `nil` where there is to be none.
  public init?(of store: ParameterStore, _ options: OptimizationOptions) throws {
    if options.averaging > 0 {
      rule = .moving(decay: options.averaging)
    } else if options.averageLast > 1 {
      rule = .lastEpochs(options.averageLast)
    } else {
      return nil
    }
    self.store = store
    copies = try store.snapshot()
  }

  /// Called after each step.
  ///
  /// - Parameter steps: Taken before this one.
  public func follow(after steps: Int) throws {
    guard case .moving(let decay) = rule else { return }
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

  /// Called at the end of each epoch, before the average is read.
  public func endEpoch() throws {
    guard case .lastEpochs(let most) = rule else { return }
    ends.append(try store.snapshot())
    if ends.count > most { ends.removeFirst() }
    try average()
  }

  /// Makes the mean of the ends that are kept.
  private func average() throws {
    guard let newest = ends.last else { return }
    copies = try LibTorch.withoutGradients {
      try newest.indices.map { index in
        // Whole numbers, as of the batches seen, are counted and not averaged.
        guard newest[index].dtype.isReal else { return try newest[index].clone() }
        let sum = try ends.dropLast().reduce(newest[index].to(.float64)) { try $0 + $1[index].to(.float64) }
        return try (sum / Double(ends.count)).to(newest[index].dtype)
      }
    }
  }

  /// Does something with the average in the place of the weights.
  public func inPlace<Result>(_ body: () throws -> Result) throws -> Result {
    try exchange()
    let result = Swift.Result { try body() }
    try exchange()
    return try result.get()
  }

  /// Puts the average in the place of the weights for good.
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
    guard case .lastEpochs = rule else { return }
    try state.put("\(name)/ends", ends.count)
    for (number, end) in ends.enumerated() {
      for (entry, tensor) in zip(store.entries, end) { try state.put("\(name)/end\(number)/\(entry.name)", tensor) }
    }
  }

  public func load(from state: TrainingState, as name: String) throws {
    func tensors(_ name: String) throws -> [Tensor] {
      try store.entries.map { try state.tensor("\(name)/\($0.name)").to(store.device).clone() }
    }
    copies = try tensors(name)
    guard case .lastEpochs = rule else { return }
    let count: Int = try state.value("\(name)/ends")
    ends = try (0..<count).map { try tensors("\(name)/end\($0)") }
  }
}
