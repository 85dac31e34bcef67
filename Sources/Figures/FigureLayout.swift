import SleepCore

/// Where each panel's axes stand, so that panels above one another share their left and right edge whatever their labels.
struct FigureLayout {
  /// Edges in gnuplot's screen coordinates, 0...1 from the lower left.
  struct Frame {
    var left = 0.0
    var right = 1.0
    var top = 1.0
    var bottom = 0.0
    /// One pixel.
    var unitX = 0.0
    var widthPixels = 0.0
    var heightPixels = 0.0
  }

  let title: String?
  /// The height at which the figure's title stands.
  let titleHeight: Double
  /// Its left edge, and that of the lines below it.
  let titleLeft: Double
  /// The lines below the title, with the height of each.
  let subtitle: [(text: String, height: Double)]
  private(set) var frames: [Frame] = []

  init(_ figure: Figure) {
    let (width, height) = (Double(figure.widthPixels), Double(figure.heightPixels))
    let columns = min(figure.columns, max(figure.panels.count, 1))
    title = figure.title.map { Self.first($0, toPixels: width - 2 * Self.titlePixels) }
    titleHeight = 1 - 22 / height
    let lines = Self.cut(figure.subtitle ?? "", toPixels: width - 2 * Self.titlePixels)
    subtitle = lines.enumerated().map { ($1, 1 - (48 + 20 * Double($0)) / height) }
    let head = (figure.title == nil && lines.isEmpty ? 4.0 : 40) + 20 * Double(lines.count)
    let rows = stride(from: 0, to: figure.panels.count, by: columns).map {
      Array(figure.panels[$0..<min($0 + columns, figure.panels.count)])
    }
    let columnMargins = (0..<columns).map { column in
      let panels = rows.compactMap { column < $0.count ? $0[column] : nil }
      return (left: panels.map(\.leftMargin).max() ?? 0, right: panels.map(\.rightMargin).max() ?? 0)
    }
    let rowMargins = rows.map { panels in
      (top: panels.map(\.topMargin).max() ?? 0, bottom: panels.map(\.bottomMargin).max() ?? 0)
    }
    let free = (
      width: width - columnMargins.reduce(0) { $0 + $1.left + $1.right },
      height: height - head - rowMargins.reduce(0) { $0 + $1.top + $1.bottom }
    )
    let weights = rows.map { $0.map(\.weight).max() ?? 1 }
    let totalWeight = weights.reduce(0, +)

    var y = height - head
    for (row, panels) in rows.enumerated() {
      let axesHeight = max(free.height * weights[row] / totalWeight, 10)
      let top = y - rowMargins[row].top
      var x = 0.0
      for column in panels.indices {
        let left = x + columnMargins[column].left
        let right = left + max(free.width / Double(columns), 10)
        frames.append(
          Frame(
            left: left / width, right: right / width, top: top / height,
            bottom: (top - axesHeight) / height, unitX: 1 / width, widthPixels: right - left, heightPixels: axesHeight))
        x = right + columnMargins[column].right
      }
      y = top - axesHeight - rowMargins[row].bottom
    }
    titleLeft = min(frames.first?.left ?? 0, Self.titlePixels / width)
  }

  /// How far from the left edge a title stands at the most.
  private static let titlePixels = 82.0

  /// As much of a title as fits in one line; it ends with dots where there is more.
  private static func first(_ title: String, toPixels pixels: Double) -> String {
    let whole = title.split(whereSeparator: \.isNewline).joined(separator: " ")
    let lines = whole.lines(width: max(Int(pixels / 8.8), 20))
    return lines.count > 1 ? "\(lines[0]) ..." : whole
  }

  /// A text in lines that fit, three at the most; the last one ends with dots where there is more.
  static func cut(_ text: String, toPixels pixels: Double) -> [String] {
    let all = text.isEmpty ? [] : text.lines(width: max(Int(pixels / 7.4), 20))
    guard all.count > 3 else { return all }
    return all.prefix(2) + ["\(all[2]) ..."]
  }
}

extension Panel {
  private static let characterPixels = 8.0

  var hasLegend: Bool { !names.isEmpty }

  private var names: [String] {
    series.compactMap { series in
      switch series {
      case .line(let name, _, _, _), .steps(let name, _, _, _), .points(let name, _, _, _),
        .intervals(let name, _, _, _, _, _), .impulses(let name, _, _, _, _):
        name
      case .boxes, .image, .texts: nil
      }
    }
  }

  var leftMargin: Double {
    let label = y.label == nil ? 12.0 : 34
    switch y.ticks {
    case .automatic: return label + 48
    case .at(let ticks): return label + 12 + Self.characterPixels * Double(ticks.map(\.label.count).max() ?? 0)
    case .unlabelled, .none: return label + 8
    }
  }

  var rightMargin: Double {
    if hasLegend { return 64 + Self.characterPixels * Double(names.map(\.count).max() ?? 0) }
    return colours?.label == nil ? 24 : 110
  }

  var topMargin: Double { title == nil ? 10 : 32 }

  var bottomMargin: Double {
    switch x.ticks {
    case .at(let ticks) where x.hasSlantedTicks:
      54 + 0.7 * Self.characterPixels * Double(ticks.map(\.label.count).max() ?? 0)
    case .automatic, .at: x.label == nil ? 30 : 54
    case .unlabelled, .none: x.label == nil ? 10 : 34
    }
  }
}
