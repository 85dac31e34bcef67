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

  /// What learns: of encoder and context all, their changes of low rank alone, or nothing, as the transfer and the recipe say; everything
  /// else but what the model keeps as it is.
  ///
  /// - Parameter isThawed: Whether encoder and context no longer wait, where they do at first.
  func trainable(_ model: any RecognitionModel, isThawed: Bool) -> Trainable {
    let adds = transfer == .fineTuned && recipe.addsParameters
    let (pretrained, changes) = (transfer.trainsEncoder && !adds && isThawed, transfer.trainsEncoder)
    return Trainable { name in
      LowRank.isPart(name) ? changes : pretrained || !Self.isPretrained(name)
    }.but(model.frozen)
  }

  /// What learns at any time, the new and what comes with weights each at its own rate.
  func groups(_ parameters: [ParameterStore.Entry]) -> [Optimizer.Group] {
    let rate = transfer == .scratch ? recipe.scratchRate : 1
    return [
      Optimizer.Group(parameters.filter { !carried.contains($0.name) }.map(\.tensor), factor: rate),
      Optimizer.Group(
        parameters.filter { carried.contains($0.name) }.map(\.tensor),
        factor: transfer.isPretrained ? recipe.encoderRate : rate),
    ]
  }
}
