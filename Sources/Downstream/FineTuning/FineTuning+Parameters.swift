import Layers
import Tensors
import Training

/// Which parameters learn, and at which rate.
extension FineTuning {
  /// What a model that is not trained from scratch has weights of already.
  public enum Carried: Sendable, Hashable {
    /// What pretraining teaches: the encoder, and the context where there is one.
    case pretrained
    /// The whole model, but for parameters of these names.
    case model(except: Set<String>)

    func contains(_ name: String) -> Bool {
      switch self {
      case .pretrained: FineTuning.isPretrained(name)
      case .model(let fresh): !fresh.contains(name)
      }
    }
  }

  /// Whether pretraining teaches a parameter: one of the encoder or of the context, and no change of low rank.
  public static func isPretrained(_ name: String) -> Bool {
    (name.hasPrefix("encoder.") || name.hasPrefix("context.")) && !LowRank.isPart(name)
  }

  /// - Parameter pretrained: Whether encoder and context learn.
  func setTrainable(_ model: any RecognitionModel, _ store: ParameterStore, pretrained: Bool) throws {
    try store.setTrainable { name in
      if model.frozen.contains(where: name.hasPrefix) { return false }
      if LowRank.isPart(name) { return transfer.trainsEncoder }
      return pretrained || !Self.isPretrained(name)
    }
  }

  /// What is new, and what comes with weights, each at its own rate.
  func groups(_ store: ParameterStore) -> [Optimizer.Group] {
    let rate = transfer == .scratch ? recipe.scratchRate : 1
    let parameters = store.entries.filter { $0.kind == .parameter && $0.tensor.requiresGradient }
    return [
      Optimizer.Group(parameters.filter { !carried.contains($0.name) }.map(\.tensor), factor: rate),
      Optimizer.Group(
        parameters.filter { carried.contains($0.name) }.map(\.tensor),
        factor: transfer.isPretrained ? recipe.encoderRate : rate),
    ]
  }
}
