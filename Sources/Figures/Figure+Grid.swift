/// A line of a panel among many.
public struct Curve: Sendable {
  /// What it is of; a name has one colour in all panels.
  public var name: String
  public var x: [Double]
  public var y: [Double]
  /// Whether others are held against it: it is dashed, and grey unless one of them has its name.
  public var isReference: Bool

  public init(_ name: String, x: [Double], y: [Double], isReference: Bool = false) {
    self.name = name
    self.x = x
    self.y = y
    self.isReference = isReference
  }
}

/// A panel among many.
public struct CurvePanel: Sendable {
  public var title: String
  public var curves: [Curve]
  /// Whether its names are told right of it, not right of the first row; it should be the last of its row.
  public var hasOwnLegend: Bool

  public init(_ title: String, _ curves: [Curve], hasOwnLegend: Bool = false) {
    self.title = title
    self.curves = curves
    self.hasOwnLegend = hasOwnLegend
  }
}

extension Figure {
  /// Small panels of curves over one quantity, in rows. A name has one colour in all of them, and stands once, right of the first row.
  ///
  /// - Parameters:
  ///   - rows: `nil` is a free place. The first place of all is taken.
  ///   - xLabel: Below the lowest panel of each column.
  public static func grid(title: String? = nil, rows: [[CurvePanel?]], xLabel: String) -> Figure {
    let columns = rows.map(\.count).max() ?? 0
    let panels = rows.flatMap { row in row + [CurvePanel?](repeating: nil, count: columns - row.count) }
    func names(_ curves: [Curve]) -> [String] {
      curves.reduce(into: []) { if !$0.contains($1.name) { $0.append($1.name) } }
    }
    let curves = panels.flatMap { $0?.curves ?? [] }
    let coloured = names(curves.filter { !$0.isReference })
    func line(_ name: String?, _ curve: Curve, isEmpty: Bool = false) -> Series {
      let colour = coloured.firstIndex(of: curve.name).map { Colour.series($0) } ?? .grey
      return .line(
        name: name, x: isEmpty ? [] : curve.x, y: isEmpty ? [] : curve.y,
        style: .init(colour, width: curve.isReference ? 1.5 : 2, isDashed: curve.isReference))
    }
    let shared = panels.flatMap { panel in panel.map { $0.hasOwnLegend ? [] : $0.curves } ?? [] }
    let ordered = shared.filter { !$0.isReference } + shared.filter(\.isReference)
    let legend = names(ordered).compactMap { name in
      ordered.first { $0.name == name }.map { line(name, $0, isEmpty: true) }
    }
    let ends = curves.flatMap(\.x).filter(\.isFinite)
    let range = ends.min().flatMap { least in ends.max().flatMap { $0 > least ? least...$0 : nil } }
    let legendPlace = rows.first?.lastIndex { $0 != nil } ?? 0
    return Figure(
      title: title,
      panels: panels.enumerated().map { place, panel in
        guard let panel else { return .blank }
        let below = stride(from: place + columns, to: panels.count, by: max(columns, 1))
        return Panel(
          title: panel.title,
          x: below.contains { panels[$0] != nil } ? Axis(range: range, ticks: .unlabelled) : Axis(xLabel, range: range),
          series: panel.curves.map { line(panel.hasOwnLegend ? $0.name : nil, $0) }
            + (place == legendPlace ? legend : []))
      }, columns: columns, widthPixels: 520 + 260 * max(columns, 1), heightPixels: 70 + 190 * max(rows.count, 1))
  }
}
