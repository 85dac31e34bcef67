import Corpora
import Downstream
import SleepCore
import Tensors
import Training

/// Trains a recogniser, and where its recipe says so again on labels that the recogniser before gave to the training people's unlabelled
/// windows.
struct SelfTraining {
  private let first: TrainingStart
  private let again: (_ round: Int) throws -> TrainingStart
  private let recipe: Recipe
  private let device: Device

  /// Makes the first model, and loads what it begins with.
  ///
  /// - Parameter vectors: Where the vectors of an encoder that stays as it is are kept; nowhere where `nil`.
  /// - Throws: As `TrainingStart`.
  init(
    _ recipe: Recipe, _ corpus: Corpus, transfer: TransferProtocol, initial: StartingWeights?, seed: UInt64,
    device: Device, vectors: VectorFolder? = nil
  ) throws {
    again = { round in
      let isNew = round > 0 && recipe.finetuning.selfTraining.student == .new
      return try TrainingStart(
        recipe, corpus, transfer: isNew ? .scratch : transfer, initial: isNew ? nil : initial,
        seed: seed &+ UInt64(round) &* 7_919, device: device, vectors: vectors)
    }
    first = try again(0)
    (self.recipe, self.device) = (recipe, device)
  }

  /// - Parameters:
  ///   - states: Where the states of all trainings are kept, and gone on from; nowhere where `nil`.
  ///   - log: Called after each epoch; rounds go on counting, and `round` is one of the numbers where there are some.
  func callAsFunction(
    _ sources: FoldSources, states: CheckpointFolder? = nil, log: ((Int, [String: Double]) throws -> Void)? = nil
  ) throws -> Model {
    let rounds = recipe.finetuning.selfTraining.rounds
    guard rounds > 0 else { return try first.train(sources, states: states, as: "training", log: log) }
    var epochs = 0
    func logged(_ round: Int) -> ((Int, [String: Double]) throws -> Void)? {
      log.map { log in
        { _, numbers in
          try log(epochs, numbers.merging(["round": Double(round)]) { $1 })
          epochs += 1
        }
      }
    }
    var trained = try first.train(sources, states: states, as: "round-0", log: logged(0))
    for round in 1...rounds {
      let predictions = try Predictor(recipe.finetuning, scheme: trained.scheme, device: device)(
        trained.model, trained.store, sources.training)
      let labels = try PseudoLabels(
        predictions, sources.training, recipe.finetuning.selfTraining, classes: trained.scheme.classes.count)
      // Whom pretraining has seen, a new student has seen by the labels.
      let pretraining = trained.seen.pretraining
      trained = try again(round).train(
        sources.giving(labels), states: states, as: "round-\(round)", log: logged(round))
      trained.seen.pretraining = trained.seen.pretraining ?? pretraining
    }
    return trained
  }
}

extension FineTuningRecipe {
  /// The epochs of all members and rounds, where none stops early.
  var allEpochs: Int { epochs * ensemble * (1 + selfTraining.rounds) }

  /// What is beside plain training on labels, in words for a table; empty of nothing.
  var additions: [String] {
    let rounds = selfTraining.rounds
    guard rounds > 0 else { return adaptation.words }
    let aligned =
      switch selfTraining.align {
      case .none: ""
      case .people: ", with the labelled windows' shares of classes over all people,"
      case .person: ", with the labelled windows' shares of classes for each person,"
      }
    return [
      "trained \(rounds == 1 ? "again" : "\(rounds) times more")\(selfTraining.student == .new ? " from new weights" : "") on labels "
        + "that it gave\(aligned) to the training people's unlabelled windows"
    ] + adaptation.words
  }
}
