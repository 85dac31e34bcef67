/// The scores of scikit-learn with `zero_division=0`: a quotient with nothing below is 0. What scikit-learn gives as NaN is `nil`.
extension ConfusionMatrix {
  /// True windows of each class.
  public var support: [Int] { (0..<classCount).map { row in (0..<classCount).reduce(0) { $0 + self[row, $1] } } }

  /// Windows of each class as predicted.
  public var predictedCounts: [Int] {
    (0..<classCount).map { column in (0..<classCount).reduce(0) { $0 + self[$1, column] } }
  }

  private var hits: [Int] { (0..<classCount).map { self[$0, $0] } }

  /// Share of windows that are right; `nil` without windows.
  public var accuracy: Double? {
    total == 0 ? nil : Double(hits.reduce(0, +)) / Double(total)
  }

  /// Mean recall of the classes that are there in truth; `nil` without windows.
  public var balancedAccuracy: Double? {
    mean(zip(recall, support).filter { $0.1 > 0 }.map(\.0))
  }

  /// Of the windows that were predicted as each class, the share that is of it; 0 for a class that was never predicted.
  public var precision: [Double] { zip(hits, predictedCounts).map { share($0, of: $1) } }

  /// Of the windows of each class, the share that was found; 0 for a class that has none.
  public var recall: [Double] { zip(hits, support).map { share($0, of: $1) } }

  /// The harmonic mean of each class's precision and recall; 0 for a class that is in neither.
  public var f1: [Double] {
    (0..<classCount).map { share(2 * self[$0, $0], of: support[$0] + predictedCounts[$0]) }
  }

  /// Mean F1 of the classes that are true or predicted anywhere, as scikit-learn takes them; `nil` without windows.
  public var macroF1: Double? {
    let occurring = zip(support, predictedCounts).map { $0 + $1 > 0 }
    return mean(zip(f1, occurring).filter(\.1).map(\.0))
  }

  /// F1 of all decisions taken together. With one label a window it is the accuracy.
  public var microF1: Double? { accuracy }

  /// Mean F1 of the classes, weighted by their support; `nil` without windows.
  public var weightedF1: Double? {
    total == 0 ? nil : zip(f1, support).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(total)
  }

  /// Cohen's kappa; `nil` without windows, and where truth and predictions are all of one class.
  public var kappa: Double? {
    let total = Double(total)
    let chance = zip(support, predictedCounts).reduce(0) { $0 + Double($1.0) * Double($1.1) } / total
    let agreed = Double(hits.reduce(0, +))
    return total > 0 && chance < total ? (agreed - chance) / (total - chance) : nil
  }

  /// Matthews' correlation coefficient for many classes; 0 where truth or predictions are all of one class, `nil` without windows.
  ///
  /// Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient" (2004).
  public var matthewsCorrelation: Double? {
    guard total > 0 else { return nil }
    let total = Double(total)
    func covariance(_ a: [Int], _ b: [Int]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let (actual, predicted) = (support, predictedCounts)
    let both = Double(hits.reduce(0, +)) * total - covariance(actual, predicted)
    let spread = (total * total - covariance(predicted, predicted)) * (total * total - covariance(actual, actual))
    return spread == 0 ? 0 : both / spread.squareRoot()
  }

  /// Each row in per cent of its true windows; `nil` for a class that has none.
  public var rowPercent: [[Double]?] {
    zip(rows, support).map { row, support in
      support == 0 ? nil : row.map { 100 * Double($0) / Double(support) }
    }
  }

  private func share(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}

/// A score of a whole confusion matrix, as reports and recipes name it.
public enum Score: String, Codable, CaseIterable, Hashable, Sendable, CodingKeyRepresentable {
  case accuracy
  case balancedAccuracy = "balanced_accuracy"
  case macroF1 = "macro_f1"
  case microF1 = "micro_f1"
  case weightedF1 = "weighted_f1"
  case kappa
  case matthewsCorrelation = "mcc"

  /// As tables name it.
  public var title: String {
    switch self {
    case .accuracy: "accuracy"
    case .balancedAccuracy: "balanced accuracy"
    case .macroF1: "macro-F1"
    case .microF1: "micro-F1"
    case .weightedF1: "weighted F1"
    case .kappa: "kappa"
    case .matthewsCorrelation: "MCC"
    }
  }

  /// The score; `nil` where it is not defined.
  public func callAsFunction(_ matrix: ConfusionMatrix) -> Double? {
    switch self {
    case .accuracy: matrix.accuracy
    case .balancedAccuracy: matrix.balancedAccuracy
    case .macroF1: matrix.macroF1
    case .microF1: matrix.microF1
    case .weightedF1: matrix.weightedF1
    case .kappa: matrix.kappa
    case .matthewsCorrelation: matrix.matthewsCorrelation
    }
  }
}
