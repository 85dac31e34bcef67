public import Foundation

/// Why labels could not be scored.
public enum MetricsError: Error, Equatable {
  case unequalLengths(truth: Int, predicted: Int)
  case labelOutOfRange(label: Int, index: Int, classes: Int)
}

extension MetricsError: LocalizedError {
  /// What came and what was expected.
  public var errorDescription: String? {
    switch self {
    case .unequalLengths(let truth, let predicted):
      "found \(predicted) predictions for \(truth) labels, expected one a label"
    case .labelOutOfRange(let label, let index, let classes):
      "found label \(label) at window \(index), expected -1 (unscored) or 0 to \(classes - 1)"
    }
  }
}
