package import Figures
import Foundation
import Training

/// A pretraining by epoch: each task's metric against chance and its loss, how the vectors lie, and what a probe says.
package struct PretrainingCurves {
  private let history: [[String: Double]]
  private let keys: Set<String>

  /// - Parameter history: What each epoch logged.
  package init(_ history: [[String: Double]]) {
    self.history = history
    keys = Set(history.flatMap(\.keys))
  }

  /// A row a task where there are one or two, two or three tasks a row where there are more; below them a panel each of the
  /// vectors' health and of the probe. A line is of a sensor, or of nights.
  package func figure(title: String) -> Figure {
    let tasks = Set(keys.map(parts).filter { $0.count == 3 }.map { $0[0] }).sorted()
    let columns = 2 * (tasks.count <= 2 ? 1 : tasks.count <= 10 ? 2 : 3)
    let health = ["effective rank", "alignment", "uniformity"].compactMap { name in
      panel(name, keys.filter { parts($0).count == 2 && parts($0)[0] == name }, name: { self.parts($0)[1] })
    }
    // A log may say anything: "probe/" alone has no second part.
    var probe = panel("probe", keys.filter { parts($0).count >= 2 && $0.hasPrefix("probe/") }) {
      self.parts($0)[1].replacing("cluster ", with: "")
    }
    probe?.hasOwnLegend = true
    // The probe's names stand right of its panel, so that it is the last of its row.
    let free = probe == nil ? 0 : (columns - (health.count + 1) % columns) % columns
    let last = health.map(Optional.some) + [CurvePanel?](repeating: nil, count: free) + (probe.map { [$0] } ?? [])
    return .grid(
      title: title, rows: inRows(tasks.flatMap(panels(of:)), of: columns) + inRows(last, of: columns), xLabel: "epoch")
  }

  /// Draws `pretraining.png` and `pretraining.svg`.
  func draw(title: String, to run: RunFolder) throws {
    guard history.count > 1 else { return }
    let figure = self.figure(title: title)
    for name in ["pretraining.png", "pretraining.svg"] { try figure.accompany(run.file(name)) }
  }

  private func parts(_ key: String) -> [String] { key.split(separator: "/").map(String.init) }

  private func inRows(_ panels: [CurvePanel?], of columns: Int) -> [[CurvePanel?]] {
    stride(from: 0, to: panels.count, by: columns).map { Array(panels[$0..<min($0 + columns, panels.count)]) }
  }

  /// A task's metric with chance, and its loss.
  private func panels(of task: String) -> [CurvePanel?] {
    let own = keys.filter { parts($0).count == 3 && parts($0)[0] == task }
    func of(_ wanted: (String) -> Bool) -> Set<String> { own.filter { wanted(parts($0)[2]) } }
    let metrics = of { $0 != "loss" && $0 != "chance" }
    let name = metrics.sorted().first.map { ": \(parts($0)[2])" } ?? ""
    var metric = panel(task + name, metrics) { self.parts($0)[1] }
    metric?.curves += chance(of { $0 == "chance" })
    return [metric, panel("\(task): loss", of { $0 == "loss" }) { self.parts($0)[1] }]
  }

  /// One line where all sensors have as good as the same, otherwise one each.
  private func chance(_ keys: Set<String>) -> [Curve] {
    let curves = keys.sorted().map { curve($0, parts($0)[1], isReference: true) }
    guard let first = curves.first else { return [] }
    let isOne = curves.allSatisfy { curve in
      curve.y.count == first.y.count && zip(curve.y, first.y).allSatisfy { abs($0 - $1) < 0.005 }
    }
    return isOne ? [Curve("chance", x: first.x, y: first.y, isReference: true)] : curves
  }

  private func panel(_ title: String, _ keys: Set<String>, name: (String) -> String) -> CurvePanel? {
    keys.isEmpty ? nil : CurvePanel(title, keys.sorted().map { curve($0, name($0)) })
  }

  /// The epochs that have a number: a probe does not look at each.
  private func curve(_ key: String, _ name: String, isReference: Bool = false) -> Curve {
    let points = history.enumerated().compactMap { epoch, numbers in numbers[key].map { (Double(epoch + 1), $0) } }
    return Curve(name, x: points.map(\.0), y: points.map(\.1), isReference: isReference)
  }
}
