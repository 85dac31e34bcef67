import Corpora
import Downstream
import Layers
import Metrics
import SleepCore
import TestSupport
import Testing
import Training

@Suite("Choosing the model")
struct ModelChoiceTests {
  /// Trains on `a` and `b`, chooses on `c`.
  private func choose(
    _ recipe: FineTuningRecipe, validationLabels: [Int8]? = nil,
    reading name: String = "validation",
    _ body: (FineTuning.Outcome, _ log: [Double], any RecognitionModel, ParameterStore, WindowSource) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(
        folder, [ToyNights.night("a"), ToyNights.night("b"), ToyNights.night("c", labels: validationLabels)])
      let store = try ParameterStore(seed: 4)
      let model = try ToyNights.recogniser(store, head: ToyNights.head("linear"))
      let validation = try ToyNights.source(corpus, ["c"])
      var values: [Double] = []
      let outcome = try FineTuning(recipe, transfer: .scratch, seed: 1)(
        model, store, scheme: ToyNights.scheme, training: ToyNights.source(corpus, ["a", "b"]), validation: validation
      ) { _, numbers in numbers[name].map { values.append($0) } }
      try body(outcome, values, model, store, validation)
    }
  }

  @Test(
    "The weights are those of the epoch that validation subjects liked best, the first of equals",
    arguments: FineTuningRecipe.Selection.allCases.filter { $0 != .last })
  func best(_ selection: FineTuningRecipe.Selection) throws {
    var recipe = ToyNights.training(epochs: 6, rate: 0.3)
    recipe.select = selection
    try choose(recipe) { outcome, values, model, store, validation in
      #expect(values.count == 6 && outcome.epochs == 6)
      let greatest = try #require(values.max())
      #expect(outcome.validation == greatest)
      #expect(outcome.bestEpoch == values.firstIndex(of: greatest))
      let prediction = try #require(try Predictor(recipe, scheme: ToyNights.scheme)(model, store, validation).first)
      let matrix = try ConfusionMatrix(classCount: 3, truth: prediction.truth, predicted: prediction.classes)
      switch selection {
      case .accuracy: #expect(matrix.accuracy == greatest)
      case .kappa: #expect(matrix.kappa == greatest)
      case .macroF1: #expect(matrix.macroF1 == greatest)
      case .loss, .last: break
      }
    }
  }

  @Test("Validation subjects who contradict the training keep the first epoch, and patience ends it early")
  func contradiction() throws {
    var recipe = ToyNights.training(epochs: 9, rate: 0.2)
    (recipe.select, recipe.patience) = (.loss, 3)
    recipe.minimumSteps = 8
    // Wake is called REM, sleep wake, and REM sleep.
    let wrong = ToyNights.stages(24).map { stage -> Int8 in stage == 0 ? 4 : stage - 2 }
    try choose(recipe, validationLabels: wrong) { outcome, values, _, _, _ in
      #expect(outcome.bestEpoch == 0)
      #expect(outcome.epochs == 4)
      #expect(values == values.sorted(by: >))
    }
  }

  @Test("The rate falls when the validation loss no longer does, also where nothing is chosen by it")
  func plateau() throws {
    var recipe = ToyNights.training(epochs: 5, rate: 0.2)
    recipe.minimumSteps = 8
    recipe.optimization.schedule = .plateau
    (recipe.optimization.plateau.factor, recipe.optimization.plateau.patience) = (0.5, 1)
    // The validation loss rises from the first epoch on, though the training loss falls.
    let wrong = ToyNights.stages(24).map { stage -> Int8 in stage == 0 ? 4 : stage - 2 }
    try choose(recipe, validationLabels: wrong, reading: "rate_factor") { _, factors, _, _, _ in
      #expect(factors == [1, 1, 0.5, 0.5, 0.25])
    }
    recipe.optimization.learningRate = 0.01
    try choose(recipe, reading: "rate_factor") { _, factors, _, _, _ in #expect(factors == [1, 1, 1, 1, 1]) }
    recipe.optimization.schedule = .constant
    try choose(recipe, reading: "rate_factor") { _, factors, _, _, _ in #expect(factors.isEmpty) }
  }

  @Test("Without a choice the last epoch stays")
  func last() throws {
    try choose(ToyNights.training(epochs: 2)) { outcome, values, _, _, _ in
      #expect(outcome.validation == nil && outcome.bestEpoch == 1 && values.isEmpty)
    }
  }
}
