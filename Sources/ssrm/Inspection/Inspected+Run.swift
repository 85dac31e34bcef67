import Experiments
import Figures
import Foundation
import Readers
import Training

extension Inspected {
  /// A run's folder: its recipe, where it was made, its numbers and its report.
  static func run(_ url: URL) throws -> Inspected {
    let run = try RunFolder(existing: url)
    let recipe = try String(contentsOf: run.recipe, encoding: .utf8)
    let curves = try Self.curves(run.metrics)
    let names = try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
    var facts = RunFacts(
      recipe: recipe, metrics: curves.values.compactMapValues { $0.last { $0.isFinite } }, steps: curves.steps,
      files: names.filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } })
    facts.report = try? String(contentsOf: run.report, encoding: .utf8)
    if let data = try? Data(contentsOf: run.file("environment.json")),
      let environment = try? JSONDecoder().decode(RunEnvironment.self, from: data)
    {
      facts.environment = [
        "date": environment.date, "command": environment.command.joined(separator: " "),
        "libtorch": environment.libtorch, "device": environment.device, "threads": String(environment.threads),
        "system": environment.system, "seed": String(environment.seed),
      ]
    }
    var all = Facts(path: url.relativePath, kind: "run")
    all.run = facts
    return Inspected(all) {
      guard curves.steps > 0 else {
        throw ReadError(run.metrics, found: "no numbers", expected: "a line of JSON an epoch, to draw curves of")
      }
      return figure(curves.values, title: url.lastPathComponent)
    }
  }

  /// Every logged number over the epochs, by its name.
  private static func curves(_ url: URL) throws -> (values: [String: [Double]], steps: Int) {
    guard FileManager.default.fileExists(atPath: url.path) else { return ([:], 0) }
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    var values: [String: [Double]] = [:]
    for (number, line) in lines.enumerated() {
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
      guard let entry = object as? [String: Any] else {
        // A run that was killed may end within a line.
        if number == lines.count - 1 { break }
        throw ReadError(url, line: number + 1, found: "text that is no JSON", expected: "an object an epoch")
      }
      for (name, value) in entry where name != "step" {
        var curve = values[name] ?? []
        curve += Array(repeating: .nan, count: number - curve.count)
        curve.append((value as? NSNumber)?.doubleValue ?? .nan)
        values[name] = curve
      }
    }
    return (values, lines.count)
  }

  /// What a pretraining draws of itself; of another run a panel a metric: `training/loss` and `validation/loss` share that of `loss`.
  private static func figure(_ curves: [String: [Double]], title: String) -> Figure {
    if curves.keys.contains(where: { $0.hasSuffix("/chance") }) {
      let epochs = curves.values.map(\.count).max() ?? 0
      return PretrainingCurves(
        (0..<epochs).map { epoch in
          curves.compactMapValues { $0.indices.contains(epoch) && $0[epoch].isFinite ? $0[epoch] : nil }
        }
      ).figure(title: title)
    }
    let groups = Dictionary(grouping: curves.keys.sorted()) { $0.split(separator: "/").last.map(String.init) ?? $0 }
    let panels = groups.sorted { $0.key < $1.key }.map { metric, names in
      (
        label: metric,
        curves: names.map { name in
          (name: name == metric ? metric : String(name.dropLast(metric.count + 1)), values: curves[name] ?? [])
        }
      )
    }
    return .learningCurves(title: title, panels: panels)
  }
}
