import Foundation
public import SleepCore

/// What a model says of one recording.
public struct Prediction: Sendable {
  public let recording: String
  public let subject: Subject
  /// The scored class of each window; -1 where there is none.
  public let truth: [Int8]
  /// The predicted class of each window; -1 where a sensor did not measure.
  public let classes: [Int8]
  /// `[windows, classes]`: the chain's marginals, or the softmax; zeros where a sensor did not measure.
  public let probabilities: [Float]

  public init(recording: String, subject: Subject, truth: [Int8], classes: [Int8], probabilities: [Float]) {
    self.recording = recording
    self.subject = subject
    self.truth = truth
    self.classes = classes
    self.probabilities = probabilities
  }
}

extension [Prediction] {
  /// The mean negative logarithm of the true class's probability over all scored windows.
  var logLoss: Double {
    var (sum, count) = (0.0, 0)
    for prediction in self {
      let classes = prediction.probabilities.count / Swift.max(1, prediction.truth.count)
      for (window, truth) in prediction.truth.enumerated() where truth >= 0 && prediction.classes[window] >= 0 {
        sum -= log(Swift.max(1e-12, Double(prediction.probabilities[window * classes + Int(truth)])))
        count += 1
      }
    }
    return sum / Double(Swift.max(1, count))
  }
}
