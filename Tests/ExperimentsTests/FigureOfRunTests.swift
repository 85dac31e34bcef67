import Experiments
import Figures
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Figures of runs")
struct FigureOfRunTests {
  /// Six tasks of four sensors, one of nights, with a probe in every third epoch.
  private static func history(tasks: [String], sensors: [String], epochs: Int, probes: Bool = true) -> [[String:
    Double]]
  {
    (1...epochs).map { epoch in
      let done = Double(epoch) / Double(epochs)
      var numbers = ["windows per second": 1000.0]
      for (position, task) in tasks.enumerated() {
        for (number, sensor) in sensors.enumerated() {
          let key = "\(task)/\(task == "night-profile" ? "nights" : sensor)"
          numbers["\(key)/loss"] = 2 - done - 0.1 * Double(number)
          numbers["\(key)/accuracy"] = 0.2 + 0.1 * Double(position + number) * done
          numbers["\(key)/chance"] = task == "contrast" ? 0.1 * Double(number) : 0.2
        }
      }
      for (number, sensor) in sensors.enumerated() {
        numbers["effective rank/\(sensor)"] = 2 + 10 * done + Double(number)
        numbers["alignment/\(sensor)"] = 0.5 - 0.1 * Double(number) * done
        numbers["uniformity/\(sensor)"] = -1 - done - 0.2 * Double(number)
      }
      if probes, epoch % 3 == 0 {
        numbers["probe/nearest neighbours"] = 0.3 * done
        numbers["probe/cluster purity"] = 0.4
      }
      return numbers
    }
  }

  private static func titles(_ figure: Figure) -> [[String]] {
    stride(from: 0, to: figure.panels.count, by: figure.columns).map { start in
      figure.panels[start..<start + figure.columns].map { $0.isBlank ? "" : $0.title ?? "" }
    }
  }

  @Test("One task and sensor give a row of metric and loss, and two rows of the vectors' health and the probe")
  func small() {
    let figure = PretrainingCurves(Self.history(tasks: ["views"], sensors: ["psg"], epochs: 6)).figure(title: "small")
    #expect(
      Self.titles(figure) == [
        ["views: accuracy", "views: loss"], ["effective rank", "alignment"], ["uniformity", "probe"],
      ])
    // The probe looked at two epochs, which a line joins.
    guard case .line(let name, let x, let y, _) = figure.panels[5].series[1] else {
      Issue.record("no line")
      return
    }
    #expect(name == "purity" || name == "nearest neighbours")
    #expect(x == [3, 6] && y.count == 2)
    #expect(figure.panels.allSatisfy { $0.x.range == 1...6 })
    let without = PretrainingCurves(Self.history(tasks: ["views"], sensors: ["psg"], epochs: 2, probes: false))
    #expect(Self.titles(without.figure(title: "")).last == ["uniformity", ""])
  }

  @Test(
    "A log with names that no training writes is drawn without them", arguments: ["probe/", "probe//", "/", "", "a/b"])
  func strangeNames(_ name: String) {
    let figure = PretrainingCurves([[name: 1], [name: 2]]).figure(title: "strange")
    let titles = Self.titles(figure).joined().filter { !$0.isEmpty }
    #expect(titles == [])
  }

  @Test("Six tasks of four sensors give four rows, each sensor named once, with chance where it differs by sensor")
  func large() throws {
    let tasks = ["arrow", "contrast", "masked", "night-profile", "rotation", "views"]
    let sensors = ["accelerometer", "pressure-map", "psg", "radar"]
    let figure = PretrainingCurves(Self.history(tasks: tasks, sensors: sensors, epochs: 12)).figure(title: "large")
    #expect(
      Self.titles(figure) == [
        ["arrow: accuracy", "arrow: loss", "contrast: accuracy", "contrast: loss"],
        ["masked: accuracy", "masked: loss", "night-profile: accuracy", "night-profile: loss"],
        ["rotation: accuracy", "rotation: loss", "views: accuracy", "views: loss"],
        ["effective rank", "alignment", "uniformity", "probe"],
      ])
    func names(_ panel: Panel) -> [String] {
      panel.series.compactMap { if case .line(let name, _, _, _) = $0 { name } else { nil } }
    }
    #expect(names(figure.panels[3]) == sensors + ["nights", "chance"])
    #expect(names(figure.panels[15]) == ["purity", "nearest neighbours"])
    #expect(figure.panels.enumerated().allSatisfy { [3, 15].contains($0.offset) || names($0.element).isEmpty })
    // Its metric of each sensor, and the chance of each; of another task one chance.
    #expect(figure.panels[2].series.count == 8 && figure.panels[0].series.count == 5)
    #expect(figure.widthPixels <= 1600 && figure.heightPixels <= 900)
  }

  /// A table as a comparison writes it.
  private static func table(arms: [String], differing: Double) throws -> ComparisonTable {
    let budgets = [("1 subject", 120.4), ("all", 960.0)]
    let rows = budgets.flatMap { budget, labels in
      arms.enumerated().map { index, arm in
        let value = 0.4 + 0.02 * Double(index) + labels / 4000
        return """
          {"arm": "\(arm)", "budget": "\(budget)", "seeds": 2, "subjects": 8, "labelledWindows": \(labels), "seconds": 1,
           "scores": {"kappa": {"value": \(value), "interval": {"lower": \(value - 0.05), "upper": \(value + 0.05)}}}}
          """
      }
    }
    // An arm without the second budget, and one that is told the truth.
    let kept = rows.enumerated().filter { $0.offset != arms.count + 1 }.map(\.element)
    let json = """
      {"recipe": "pmd-17", "dataset": "PMD", "scheme": "postures-17", "split": "leave one subject out", "measure": "kappa",
       "notes": [], "rows": [\(kept.joined(separator: ","))], "oracles": ["previous"], "rankings": [], "coincidences": [],
       "pairs": [{"budget": "1 subject", "first": "fine-tuned", "second": "scratch", "isAsked": true, "adjustedPValue": 0.016,
         "difference": {"differences": [0.05, \(differing)], "mean": \(differing), "median": 0, "interval":
           {"lower": \(differing - 0.04), "upper": \(differing + 0.04)},
           "wilcoxon": {"statistic": 1, "pValue": 0.008}}}]}
      """
    return try JSONDecoder().decode(ComparisonTable.self, from: Data(json.utf8))
  }

  @Test("The figure of a comparison carries the report's first sentence, and each arm stands where it has labels")
  func comparison() throws {
    let few = try Self.table(arms: ["scratch", "frozen", "fine-tuned", "previous"], differing: 0.063)
    let figure = try #require(few.figure)
    #expect(figure.title == "pmd-17: PMD")
    #expect(
      figure.subtitle
        == "With 1 subject labelled, fine-tuned is better than scratch: +0.063 kappa a person (95 % +0.023 to "
        + "+0.103; p 0.016, the only question), 2 people.")
    #expect(few.text.hasPrefix(figure.subtitle ?? "-"))
    let series = figure.panels[0].series.map { series -> String in
      if case .intervals(let name, let x, _, _, _, _) = series { "\(name ?? ""): \(x.count)" } else { "" }
    }
    #expect(series == ["scratch: 2", "frozen: 1", "fine-tuned: 2"])
    let worse = try Self.table(arms: ["scratch", "fine-tuned"], differing: -0.063).figure
    #expect(worse?.subtitle?.contains("fine-tuned is worse than scratch: -0.063") == true)
  }

  @Test("An arm's name ends no cell of a table, is no formula, and steers nothing")
  func hostileNames() throws {
    // As JSON has it.
    let table = try Self.table(arms: ["scratch", "=A1|b,c\\u001b[2J"], differing: 0.06)
    #expect(table.csv.contains("\n1 subject,\"'=A1|b,c\u{1b}[2J\",2,8,120.4,1.0,"))
    #expect(table.markdown.contains("\n| 1 subject | =A1\\|b,c\\u001b[2J | "))
    #expect(table.text.contains("=A1|b,c\\u001b[2J  ") && !table.text.contains("\u{1b}"))
  }

  @Test("Both kinds of figures are drawn", .enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func drawn() throws {
    let kept = ProcessInfo.processInfo.environment["FIGURES_TO"].map { URL(fileURLWithPath: $0) }
    let names = ["scratch", "fine-tuned"] + (3...12).map { "arm number \($0)" }
    let figures = [
      ("comparison-3", try Self.table(arms: ["scratch", "frozen", "fine-tuned"], differing: 0.063).figure),
      ("comparison-12", try Self.table(arms: names, differing: 0.063).figure),
      (
        "pretraining-1",
        PretrainingCurves(Self.history(tasks: ["views"], sensors: ["psg"], epochs: 6)).figure(title: "views")
      ),
      (
        "pretraining-6",
        PretrainingCurves(
          Self.history(
            tasks: ["arrow", "contrast", "masked", "night-profile", "rotation", "views"],
            sensors: ["accelerometer", "pressure-map", "psg", "radar"], epochs: 12)
        ).figure(title: "six tasks")
      ),
    ]
    try withTemporaryFolder { folder in
      for (name, figure) in figures {
        let url = (kept ?? folder).appendingPathComponent("\(name).png")
        try #require(figure).render(to: url)
        #expect(try Data(contentsOf: url).count > 3000)
      }
    }
  }
}
