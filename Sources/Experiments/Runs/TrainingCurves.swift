import Figures
import Foundation
import Training

/// Loss and accuracy of the training batches and the validation part, by epoch.
struct TrainingCurves {
  private let panels: [(label: String, curves: [(name: String, values: [Double])])]

  /// - Parameters:
  ///   - history: What each epoch logged, member by member.
  ///   - members: Of an ensemble; 1 of a model alone.
  init(_ history: [[String: Double]], members: Int) {
    let parts = (0..<max(1, members)).map { number in
      members > 1 ? history.filter { $0["member"] == Double(number) } : history
    }
    func curve(_ key: String, _ name: String) -> [(name: String, values: [Double])] {
      parts.enumerated().compactMap { number, epochs in
        let values = epochs.map { $0[key] ?? .nan }
        guard values.contains(where: \.isFinite) else { return nil }
        return (members > 1 ? "\(name), member \(number + 1)" : name, values)
      }
    }
    panels = ["loss", "accuracy"].map { score in
      (label: score, curves: curve(score, "training") + curve("validation/\(score)", "validation"))
    }
  }

  /// Writes `curves.png` and `curves.svg`, where there is gnuplot.
  func draw(title: String, to run: RunFolder) throws {
    guard panels.contains(where: { !$0.curves.isEmpty }), let gnuplot = try? Gnuplot() else { return }
    let figure = Figure.learningCurves(title: title, panels: panels)
    for name in ["curves.png", "curves.svg"] { try figure.render(to: run.file(name), with: gnuplot) }
  }
}
