import Figures
import Foundation
import Training

/// Loss and accuracy of the training batches and the validation part, by epoch.
struct TrainingCurves {
  private let panels: [(label: String, curves: [Curve])]

  /// - Parameters:
  ///   - history: What each epoch logged, member by member.
  ///   - members: Of an ensemble; 1 of a model alone.
  init(_ history: [[String: Double]], members: Int) {
    let parts = (0..<max(1, members)).map { number in
      members > 1 ? history.filter { $0["member"] == Double(number) } : history
    }
    func curve(_ key: String, _ name: String) -> [Curve] {
      parts.enumerated().compactMap { number, epochs in
        let values = epochs.map { $0[key] ?? .nan }
        guard values.contains(where: \.isFinite) else { return nil }
        return Curve(
          members > 1 ? "\(name), member \(number + 1)" : name, x: values.indices.map { Double($0 + 1) }, y: values)
      }
    }
    panels = ["loss", "accuracy"].map { score in
      (label: score, curves: curve(score, "training") + curve("validation/\(score)", "validation"))
    }
  }

  /// Draws `curves.png` and `curves.svg`.
  func draw(title: String, to run: RunFolder) throws {
    guard panels.contains(where: { !$0.curves.isEmpty }) else { return }
    let figure = Figure.learningCurves(title: title, panels: panels)
    for name in ["curves.png", "curves.svg"] { try figure.accompany(run.file(name)) }
  }
}
