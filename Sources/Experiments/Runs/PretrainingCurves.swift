import Figures
import Foundation
import Training

/// A pretraining by epoch: its losses, its tasks against chance, what a probe says, and how the vectors lie.
struct PretrainingCurves {
  private let history: [[String: Double]]

  init(_ history: [[String: Double]]) { self.history = history }

  /// Writes `pretraining.png` and `pretraining.svg`, where there is gnuplot.
  func draw(title: String, to run: RunFolder) throws {
    guard history.count > 1, let gnuplot = try? Gnuplot() else { return }
    let names = Set(history.flatMap(\.keys)).sorted()
    func curves(_ isWanted: (String) -> Bool, _ name: (String) -> String = { $0 }) -> [(name: String, values: [Double])]
    {
      names.filter(isWanted).map { key in (name(key), history.map { $0[key] ?? .nan }) }
    }
    func last(_ key: String) -> String { key.split(separator: "/").last.map(String.init) ?? key }
    func isOfTask(_ key: String) -> Bool { key.split(separator: "/").count == 3 }
    let panels = [
      ("loss", curves({ isOfTask($0) && last($0) == "loss" }) { String($0.dropLast(5)) }),
      ("tasks", curves({ isOfTask($0) && last($0) != "loss" })),
      ("probe", curves({ $0.hasPrefix("probe/") }, last)),
      ("vectors", curves { $0.hasPrefix("alignment/") || $0.hasPrefix("uniformity/") }),
      ("effective rank", curves({ $0.hasPrefix("effective rank/") }, last)),
    ].filter { !$0.1.isEmpty }
    let figure = Figure.learningCurves(title: title, panels: panels.map { (label: $0.0, curves: $0.1) })
    for name in ["pretraining.png", "pretraining.svg"] { try figure.render(to: run.file(name), with: gnuplot) }
  }
}
