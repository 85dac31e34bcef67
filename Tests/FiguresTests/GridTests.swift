import Figures
import Foundation
import TestSupport
import Testing

@Suite("Figures of many lines")
struct GridTests {
  private static func names(_ panel: Panel) -> [String] {
    panel.series.compactMap { if case .line(let name, _, _, _) = $0 { name } else { nil } }
  }

  private static func colours(_ panel: Panel) -> [Colour] {
    panel.series.compactMap { if case .line(_, _, let y, let style) = $0, !y.isEmpty { style.colour } else { nil } }
  }

  static let grid = Figure.grid(
    title: "many",
    rows: [
      [
        CurvePanel(
          "a",
          [
            Curve("ecg", x: [1], y: [2]), Curve("psg", x: [1], y: [3]),
            Curve("chance", x: [1], y: [0], isReference: true),
          ]),
        CurvePanel("b", [Curve("psg", x: [1], y: [2]), Curve("ecg", x: [1], y: [2], isReference: true)]),
      ],
      [nil, CurvePanel("c", [Curve("probe", x: [1], y: [2])], hasOwnLegend: true)],
    ], xLabel: "epoch")

  @Test("A name has one colour everywhere and stands once: right of the first row, or right of its only panel")
  func legend() {
    let panels = Self.grid.panels
    #expect(panels.map(\.isBlank) == [false, false, true, false] && Self.grid.columns == 2)
    #expect(panels.map(Self.names) == [[], ["ecg", "psg", "chance"], [], ["probe"]])
    #expect(panels.map(Self.colours) == [[.blue, .vermilion, .grey], [.vermilion, .blue], [], [.green]])
    #expect(panels.map { $0.x.label ?? "-" } == ["epoch", "-", "-", "epoch"])
  }

  @Test("A free place is drawn as nothing, and what is dashed is what the others are held against")
  func script() {
    let script = Self.grid.script()
    #expect(script.components(separatedBy: "\nplot ").count == 4)
    #expect(script.components(separatedBy: "dashtype").count == 1 + 3)
  }

  private static func arms(_ count: Int) -> [Figure.Arm] {
    (0..<count).map { index in
      let budgets = index == 1 ? [240.0] : [60, 240, 960]
      let values = budgets.map { 0.3 + 0.01 * Double(index) + $0 / 2000 }
      return Figure.Arm(
        name: index == 2 ? "a transformer with a dropout of 0.25" : "arm \(index)", budgets: budgets, values: values,
        low: values.map { $0 - 0.05 }, high: values.map { $0 + 0.05 })
    }
  }

  @Test("Of many arms each number of labels is a panel with a row an arm, where the arm has it")
  func manyArms() {
    let figure = Figure.labelEfficiency(arms: Self.arms(7), budgetLabel: "labels", metricLabel: "kappa")
    #expect(figure.panels.map { $0.title ?? "" } == ["60 labels", "240 labels", "960 labels"] && figure.columns == 3)
    let rows = figure.panels.map { panel in
      panel.series.compactMap { if case .points(_, _, let y, _) = $0 { y[0] } else { nil } }
    }
    #expect(rows == [[0, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6], [0, 2, 3, 4, 5, 6]])
    guard case .at(let ticks) = figure.panels[0].y.ticks, case .at(let second) = figure.panels[1].y.ticks else {
      Issue.record("no names")
      return
    }
    #expect(
      ticks.map(\.label) == ["arm 0", "arm 1", "a transformer with ... t of 0.25", "arm 3", "arm 4", "arm 5", "arm 6"])
    #expect(second.allSatisfy { $0.label == "" })
    #expect(Set(figure.panels.map(\.x.range)).count == 1)
  }

  @Test("Of few arms each is a line that stands at its own numbers of labels alone")
  func fewArms() throws {
    let figure = Figure.labelEfficiency(arms: Self.arms(3), budgetLabel: "labels", metricLabel: "kappa")
    let points = figure.panels[0].series.map { if case .intervals(_, let x, _, _, _, _) = $0 { x.count } else { 0 } }
    #expect(points == [3, 1, 3])
    // Beside its own number of labels by less than a fortieth of the axis.
    guard case .intervals(_, let x, _, _, _, _) = figure.panels[0].series[0], let range = figure.panels[0].x.range
    else {
      Issue.record("no intervals")
      return
    }
    for (place, labels) in zip(x, [60.0, 240, 960]) {
      #expect(abs(place - log2(labels)) <= 0.0251 * (range.upperBound - range.lowerBound))
    }
  }

  @Test("A title that does not fit in its line ends with dots at a word's end, and one that fits is whole")
  func title() {
    func script(_ title: String) -> String { Figure(title: title, panels: [Panel(series: [])]).script() }
    let words = [String](repeating: "word", count: 60).joined(separator: " ")
    #expect(script("A short title").contains("\"A short title\""))
    #expect(!script(words).contains(words) && script(words).contains("word word ...\""))
  }

  @Test("A subtitle is broken to the width in three lines at the most, and the axes make room for it")
  func subtitle() {
    func lines(_ words: Int) -> [String] {
      let text = [String](repeating: "label", count: words).joined(separator: " ")
      let script = Figure(title: "t", subtitle: text, panels: [Panel(series: [])]).script()
      return script.split(separator: "\n").filter { $0.hasPrefix("set label") && $0.contains(" \"label") }
        .compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
    }
    #expect(lines(17).count == 1 && lines(19).map(\.count) == [18 * 6 - 1, 5])
    #expect(lines(54).count == 3 && !lines(54)[2].hasSuffix("..."))
    #expect(lines(55).count == 3 && lines(55)[2].hasSuffix("label ..."))
    func top(_ subtitle: String?) -> String? {
      Figure(title: "t", subtitle: subtitle, panels: [Panel(series: [])], heightPixels: 500).script()
        .split(separator: "\n").first { $0.hasPrefix("set tmargin") }.map(String.init)
    }
    #expect(top(nil) == "set tmargin at screen 0.9" && top("two words") == "set tmargin at screen 0.86")
  }
}
