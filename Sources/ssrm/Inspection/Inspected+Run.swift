import Experiments
import Figures
import Files
import Foundation
import Readers
import Training

extension Inspected {
  /// A run's folder: its recipe, where it was made, its numbers and its report.
  static func run(_ url: URL) throws -> Inspected {
    let run = try RunFolder(existing: url)
    let recipe = try InputFile(run.recipe).text()
    let epochs = try MetricsHistory(of: run).epochs
    let names = try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
    var facts = RunFacts(
      recipe: recipe, metrics: epochs.reduce(into: [:]) { $0.merge($1) { $1 } }, steps: epochs.count,
      files: names.filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } })
    facts.report = try? InputFile(run.report).text()
    if let environment = try? JSONFile(run.file("environment.json")).read(RunEnvironment.self, expected: "") {
      facts.environment = [
        "date": environment.date, "command": environment.command.joined(separator: " "),
        "libtorch": environment.libtorch, "device": environment.device, "threads": String(environment.threads),
        "system": environment.system, "seed": String(environment.seed),
      ]
    }
    var all = Facts(path: url.relativePath, kind: "run")
    all.run = facts
    return Inspected(all) {
      guard !epochs.isEmpty else {
        throw ReadError(run.metrics, found: "no numbers", expected: "a line of JSON an epoch, to draw curves of")
      }
      return figure(epochs, title: url.lastPathComponent)
    }
  }

  /// What a pretraining draws of itself; of another run a panel a metric: `training/loss` and `validation/loss` share that of `loss`.
  private static func figure(_ epochs: [[String: Double]], title: String) -> Figure {
    let names = Set(epochs.flatMap(\.keys)).sorted()
    if names.contains(where: { $0.hasSuffix("/chance") }) { return PretrainingCurves(epochs).figure(title: title) }
    let groups = Dictionary(grouping: names) { $0.split(separator: "/").last.map(String.init) ?? $0 }
    let panels = groups.sorted { $0.key < $1.key }.map { metric, names in
      (
        label: metric,
        curves: names.map { name in
          let points = epochs.enumerated().compactMap { epoch, numbers in numbers[name].map { (Double(epoch + 1), $0) }
          }
          return Curve(
            name == metric ? metric : String(name.dropLast(metric.count + 1)), x: points.map(\.0), y: points.map(\.1))
        }
      )
    }
    return .learningCurves(title: title, panels: panels)
  }
}
