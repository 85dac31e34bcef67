import Corpora
import Downstream
import Layers
import Tensors

extension FineTuningRun {
  /// Trains each member by itself, from a seed of its own, on the same windows; the first one as a model alone would be.
  static func trainEnsemble(
    _ recipe: Recipe, _ corpus: Corpus, fold: Fold, labelled: LabelledWindows?, transfer: TransferProtocol,
    encoder: PretrainedEncoder?, seed: UInt64, device: Device, log: ((Int, [String: Double]) throws -> Void)?
  ) throws -> TrainedModel {
    let whole = try TrainedModel(
      recipe, inputs: corpus.contracts(of: recipe.sensors), preprocessing: corpus.index.preprocessing,
      dataset: corpus.index.dataset, seed: seed, device: device)
    var epochs = 0
    for number in 0..<recipe.finetuning.ensemble {
      var memberLog: ((Int, [String: Double]) throws -> Void)?
      if let log {
        memberLog = { _, numbers in
          try log(epochs, numbers.merging(["member": Double(number)]) { $1 })
          epochs += 1
        }
      }
      let member = try train(
        recipe.member, corpus, fold: fold, labelled: labelled, transfer: transfer, encoder: encoder,
        seed: seed &+ UInt64(number) &* 1_000_003, device: device, log: memberLog)
      try whole.store.take(member.store, under: Ensemble.name(number))
    }
    return whole
  }
}

extension ParameterStore {
  /// Overwrites everything under a name with another store's values.
  fileprivate func take(_ other: ParameterStore, under name: String) throws {
    try LibTorch.withoutGradients {
      for entry in other.entries { try self["\(name).\(entry.name)"]?.assign(entry.tensor) }
    }
  }
}
