import Metrics
import SleepCore

/// What the validation subjects say of an epoch.
struct Validation {
  /// The mean negative logarithm of the true class's probability.
  let loss: Double
  private let matrix: ConfusionMatrix

  init(_ predictions: [Prediction], _ scheme: LabelScheme) throws {
    loss = predictions.logLoss
    matrix = try predictions.reduce(into: ConfusionMatrix(classCount: scheme.classes.count)) {
      $0 += try ConfusionMatrix(classCount: scheme.classes.count, truth: $1.truth, predicted: $1.classes)
    }
  }

  var accuracy: Double { matrix.accuracy ?? 0 }

  /// The measure that chooses; larger is better.
  func measure(_ selection: FineTuningRecipe.Selection) -> Double {
    switch selection {
    case .loss: -loss
    case .accuracy: accuracy
    case .macroF1: matrix.macroF1 ?? 0
    case .kappa, .last: matrix.kappa ?? 0
    }
  }
}
