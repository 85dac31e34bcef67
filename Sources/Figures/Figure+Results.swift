import Foundation

extension Figure {
  /// A confusion matrix: the colour and the upper number are row per cent, the lower number is the count.
  ///
  /// - Parameter counts: `[true, predicted]`, a row for each true class.
  public static func confusion(title: String? = nil, counts: [[Int]], classNames: [String]) -> Figure {
    let size = classNames.count
    let isSmall = size <= 8
    var shares: [Float] = []
    var texts: [Series.Text] = []
    for (row, values) in counts.enumerated() {
      let total = values.reduce(0, +)
      for (column, count) in values.enumerated() {
        let share = total == 0 ? 0 : 100 * Double(count) / Double(total)
        shares.append(Float(share))
        let colour: Colour = share > 55 ? .white : .ink
        let (x, y) = (Double(column), Double(row))
        if isSmall {
          texts.append(.init(String(format: "%.1f %%", share), x: x, y: y - 0.1, colour: colour, points: 13))
          texts.append(.init("\(count)", x: x, y: y + 0.16, colour: colour, points: 10))
        } else if count > 0 {
          texts.append(.init(String(format: "%.0f", share), x: x, y: y, colour: colour, points: 9))
        }
      }
    }
    let ticks = classNames.enumerated().map { (Double($0), $1) }
    let side = isSmall ? 120 + 100 * size : 200 + 36 * size
    let axis = -0.5...Double(max(size, 1)) - 0.5
    return Figure(
      title: title,
      panels: [
        Panel(
          x: Axis("predicted", range: axis, ticks: .at(ticks), hasSlantedTicks: !isSmall),
          y: Axis("true", range: axis, ticks: .at(ticks), isReversed: true),
          series: [
            .image(Series.Grid(rows: counts.count, columns: size, values: shares)), .texts(texts),
          ],
          colours: ColourScale(.blues, label: "share of the true class (%)", range: 0...100))
      ], widthPixels: side + 180, heightPixels: side + (title == nil ? 40 : 80))
  }

  /// One arm of a comparison: its metric at each label budget.
  public struct Arm: Sendable {
    public let name: String
    public let budgets: [Double]
    public let values: [Double]
    public let low: [Double]
    public let high: [Double]

    public init(name: String, budgets: [Double], values: [Double], low: [Double], high: [Double]) {
      self.name = name
      self.budgets = budgets
      self.values = values
      self.low = low
      self.high = high
    }
  }

  /// The metric against the number of labels: a line with intervals for each arm, or, of more arms than lines that can be told
  /// apart, a panel for each number of labels with a row for each arm.
  ///
  /// An arm stands at those numbers of labels alone that it has.
  public static func labelEfficiency(
    title: String? = nil, subtitle: String? = nil, arms: [Arm], budgetLabel: String, metricLabel: String
  ) -> Figure {
    let budgets = Set(arms.flatMap(\.budgets)).filter { $0 > 0 }.sorted()
    guard arms.count > 6 else {
      return lines(title, subtitle, arms, budgets, budgetLabel: budgetLabel, metricLabel: metricLabel)
    }
    return rows(title, subtitle, arms, budgets, budgetLabel: budgetLabel, metricLabel: metricLabel)
  }

  /// Budgets stand at the logarithm of their size; the arms are moved aside by a few pixels, so that intervals do not hide one another.
  private static func lines(
    _ title: String?, _ subtitle: String?, _ arms: [Arm], _ budgets: [Double], budgetLabel: String, metricLabel: String
  ) -> Figure {
    let positions = budgets.map { log2($0) }
    let gap = zip(positions, positions.dropFirst()).map { $1 - $0 }.min() ?? 1
    let range = (positions.first ?? 0) - 0.3 * gap...(positions.last ?? 1) + 0.3 * gap
    let spread = min(0.35 * gap, 0.05 * (range.upperBound - range.lowerBound))
    let series = arms.enumerated().map { index, arm in
      let aside = spread * (Double(index) / Double(max(arms.count - 1, 1)) - 0.5)
      return Series.intervals(
        name: shortened(arm.name), x: arm.budgets.map { $0 > 0 ? log2($0) + aside : .nan }, y: arm.values, low: arm.low,
        high: arm.high, style: .init(.series(index)))
    }
    return Figure(
      title: title, subtitle: subtitle,
      panels: [
        Panel(
          x: Axis(budgetLabel, range: range, ticks: .at(zip(positions, budgets.map(plain)).map { ($0, $1) })),
          y: Axis(metricLabel), series: series)
      ], heightPixels: 500)
  }

  private static func rows(
    _ title: String?, _ subtitle: String?, _ arms: [Arm], _ budgets: [Double], budgetLabel: String, metricLabel: String
  ) -> Figure {
    let columns = min(budgets.count, 4)
    let ends = arms.flatMap { $0.values + $0.low + $0.high }.filter(\.isFinite)
    let (least, greatest) = (ends.min() ?? 0, ends.max() ?? 1)
    let room = max(0.06 * (greatest - least), 1e-6)
    let panels = budgets.enumerated().map { place, budget in
      var series: [Series] = []
      for (row, arm) in arms.enumerated() {
        guard let index = arm.budgets.firstIndex(of: budget) else { continue }
        let y = Double(row)
        series += [
          .line(x: [arm.low[index], arm.high[index]], y: [y, y], style: .init(.blue, width: 1.5)),
          .points(x: [arm.values[index]], y: [y], style: .init(.blue, width: 4)),
        ]
      }
      let isFirst = place % columns == 0
      return Panel(
        title: "\(plain(budget)) \(budgetLabel)", x: Axis(metricLabel, range: least - room...greatest + room),
        y: Axis(
          range: -0.6...Double(arms.count) - 0.4,
          ticks: .at(arms.enumerated().map { (Double($0), isFirst ? shortened($1.name) : "") }), isReversed: true),
        series: series)
    }
    let rows = (budgets.count + columns - 1) / max(columns, 1)
    return Figure(
      title: title, subtitle: subtitle, panels: panels, columns: columns, widthPixels: 320 + 220 * max(columns, 3),
      heightPixels: 100 + rows * (90 + 24 * arms.count))
  }

  /// A name that leaves room for axes: one that is longer loses its middle.
  private static func shortened(_ name: String) -> String {
    name.count <= 32 ? name : "\(name.prefix(18)) ... \(name.suffix(9))"
  }

  /// A loss or metric over epochs, counted from 1: one panel a metric, one line a name.
  public static func learningCurves(title: String? = nil, panels: [(label: String, curves: [Curve])]) -> Figure {
    // A name keeps its colour in every panel.
    var names: [String] = []
    for name in panels.flatMap({ $0.curves.map(\.name) }) where !names.contains(name) { names.append(name) }
    return Figure(
      title: title,
      panels: panels.enumerated().map { position, panel in
        Panel(
          x: position == panels.count - 1 ? Axis("epoch") : Axis(ticks: .unlabelled),
          y: Axis(panel.label),
          series: panel.curves.map { curve in
            .line(
              name: curve.name, x: curve.x, y: curve.y,
              style: .init(.series(names.firstIndex(of: curve.name) ?? 0)))
          })
      }, heightPixels: 100 + 230 * max(panels.count, 1))
  }

  /// Bars from the left, each with its value, and its interval where there is one.
  public static func bars(
    title: String? = nil, _ bars: [(name: String, value: Double, interval: ClosedRange<Double>?)],
    valueLabel: String
  ) -> Figure {
    let greatest = bars.map { max($0.value, $0.interval?.upperBound ?? $0.value) }.filter(\.isFinite).max() ?? 1
    let least = min(0, bars.map { min($0.value, $0.interval?.lowerBound ?? $0.value) }.filter(\.isFinite).min() ?? 0)
    let span = max(greatest - least, 1e-9)
    var series = [
      Series.boxes(
        bars.enumerated().map { index, bar in
          .init(
            x: min(0, bar.value)...max(0, bar.value), y: Double(index) - 0.32...Double(index) + 0.32,
            colour: .sky)
        })
    ]
    for (index, bar) in bars.enumerated() {
      guard let interval = bar.interval else { continue }
      let y = Double(index)
      series.append(
        .line(x: [interval.lowerBound, interval.upperBound], y: [y, y], style: .init(.ink, width: 1.5)))
    }
    series.append(
      .texts(
        bars.enumerated().map { index, bar in
          .init(
            String(format: "%.3g", bar.value),
            x: max(bar.value, bar.interval?.upperBound ?? bar.value, 0) + 0.015 * span,
            y: Double(index), isLeftAligned: true)
        }))
    return Figure(
      title: title,
      panels: [
        Panel(
          x: Axis(valueLabel, range: least...least + 1.12 * span),
          y: Axis(
            range: -0.6...Double(max(bars.count, 1)) - 0.4,
            ticks: .at(bars.enumerated().map { (Double($0), $1.name) }), isReversed: true), series: series)
      ], heightPixels: 110 + 36 * max(bars.count, 1))
  }

  /// The reachability plot of OPTICS: valleys are clusters, each with a colour; points without one are grey.
  ///
  /// - Parameters:
  ///   - reachability: In the order in which OPTICS visits the points; infinite where undefined.
  ///   - clusters: The cluster of each of these points, `nil` for noise.
  public static func reachability(
    title: String? = nil, _ reachability: [Double], clusters: [Int?]
  ) -> Figure {
    let count = min(reachability.count, clusters.count)
    let bins = min(count, 4000)
    // Of many points, the farthest of each stretch.
    let shown = (0..<bins).compactMap { bin in
      (bin * count / bins..<(bin + 1) * count / bins).max { height($0) < height($1) }
    }
    func height(_ index: Int) -> Double { reachability[index].isFinite ? reachability[index] : -1 }
    return Figure(
      title: title,
      panels: [
        Panel(
          x: Axis("point, in order of reachability", range: 0...Double(max(count, 1))),
          y: Axis("reachability distance", range: 0...1.05 * max(shown.map(height).max() ?? 1, 1e-9)),
          series: [
            .impulses(
              x: shown.map(Double.init), y: shown.map { reachability[$0] },
              colours: shown.map { clusters[$0].map { .series($0 % 7) } ?? .paleGrey },
              style: .init(.grey, width: max(1, 700 / Double(max(bins, 1)))))
          ])
      ], heightPixels: 420)
  }

  /// A budget as a person writes it: `4`, `0.5`.
  private static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : String(format: "%g", value)
  }
}
