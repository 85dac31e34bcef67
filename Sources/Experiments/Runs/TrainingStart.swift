import Corpora
import Downstream
import Layers
import SleepCore
import Tensors
import Training

/// A model as its training begins: new, or with weights that it goes on from; an ensemble's members each by itself.
struct TrainingStart {
  private let trained: Model
  private let carried: FineTuning.Carried
  private let transfer: TransferProtocol
  private let seed: UInt64
  private let device: Device
  private let vectors: VectorFolder?
  /// Of an ensemble; empty of a model alone.
  private let members: [TrainingStart]

  /// Makes the model, and loads what it begins with.
  ///
  /// - Parameter vectors: Where the vectors of an encoder that stays as it is are kept; nowhere where `nil`.
  /// - Throws: ``RecipeError``, ``FitError`` or ``ParameterError`` where recipe, corpus and weights do not fit.
  init(
    _ recipe: Recipe, _ corpus: Corpus, transfer: TransferProtocol, initial: StartingWeights?, seed: UInt64,
    device: Device, vectors: VectorFolder? = nil
  ) throws {
    self.vectors = vectors
    // A frozen recogniser keeps what an earlier training added to it.
    let adds = transfer == .fineTuned || transfer == .frozen && initial?.isEncoder == false
    let own = !transfer.isPretrained ? recipe.withoutFreezing : adds ? recipe : recipe.withoutAdditions
    var trained = try Model(own, for: corpus, seed: seed, device: device)
    (self.transfer, self.seed, self.device) = (transfer, seed, device)
    if transfer.isPretrained { trained.seen = initial?.seen ?? Seen() }
    guard recipe.finetuning.ensemble <= 1 else {
      // The first one is what a model alone would be.
      members = try (0..<recipe.finetuning.ensemble).map {
        try TrainingStart(
          recipe.member, corpus, transfer: transfer, initial: initial, seed: seed &+ UInt64($0) &* 1_000_003,
          device: device, vectors: vectors)
      }
      carried = .pretrained
      self.trained = trained
      return
    }
    members = []
    guard transfer.trainsEncoder || trained.store.entries.contains(where: { FineTuning.isPretrained($0.name) }) else {
      throw RecipeError(
        path: recipe.name, problem: "'\(transfer.rawValue)' of '\(recipe.model)', which has no encoder of its own",
        wanted: "'scratch' or 'fine-tuned'")
    }
    if transfer.isPretrained {
      guard let initial else {
        throw RecipeError(
          path: recipe.name, problem: "'\(transfer.rawValue)' without weights to begin with", wanted: "--init RUN")
      }
      if initial.isEncoder, recipe.finetuning.scaling != .none {
        throw RecipeError(
          path: recipe.name, problem: "'finetuning.scaling' with an encoder that was pretrained on windows as they are",
          wanted: "scaling: none, or training from scratch")
      }
      carried = try initial.load(into: trained)
    } else {
      carried = .pretrained
    }
    self.trained = trained
  }

  /// Trains on a fold's training subjects, and chooses on its validation subjects.
  ///
  /// - Parameters:
  ///   - states: Where the state is kept, and gone on from; nowhere where `nil`.
  ///   - name: The state's name there.
  ///   - log: Called after each epoch; of an ensemble `member` is one of the numbers, and epochs are counted on.
  func train(
    _ sources: FoldSources, states: CheckpointFolder?, as name: String,
    log: ((Int, [String: Double]) throws -> Void)? = nil
  ) throws -> Model {
    let recipe = trained.recipe
    if members.isEmpty {
      let tuning = FineTuning(
        recipe.finetuning, transfer: transfer, carried: carried,
        missing: recipe.toleratesMissing ? recipe.missing : nil, seed: seed, device: device, vectors: vectors)
      _ = try tuning(
        trained.model, trained.store, scheme: trained.scheme, training: sources.training,
        validation: sources.validation, checkpoint: states?.checkpoint(name), log: log)
    }
    var epochs = 0
    for (number, member) in members.enumerated() {
      var memberLog: ((Int, [String: Double]) throws -> Void)?
      if let log {
        memberLog = { _, numbers in
          try log(epochs, numbers.merging(["member": Double(number)]) { $1 })
          epochs += 1
        }
      }
      let one = try member.train(sources, states: states, as: "\(name)-member-\(number)", log: memberLog)
      try trained.store.take(one.store, under: Ensemble.name(number))
    }
    var trained = trained
    trained.seen = trained.seen.trained(reading: sources.seen)
    return trained
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
