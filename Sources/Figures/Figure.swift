/// A picture: panels in rows, each with axes and series. Rendered by gnuplot.
public struct Figure: Sendable {
  public var title: String?
  /// A sentence or two below the title, in at most three lines.
  public var subtitle: String?
  /// Row by row.
  public var panels: [Panel]
  public var columns: Int
  public var widthPixels: Int
  public var heightPixels: Int

  public init(
    title: String? = nil, subtitle: String? = nil, panels: [Panel], columns: Int = 1, widthPixels: Int = 960,
    heightPixels: Int = 540
  ) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
    self.columns = max(columns, 1)
    self.widthPixels = widthPixels
    self.heightPixels = heightPixels
  }
}

/// One pair of axes and what is drawn on them.
public struct Panel: Sendable {
  /// Above the panel, on the left.
  public var title: String?
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  /// For ``Series/image(_:)``.
  public var colours: ColourScale?
  /// Share of the figure's height; 1 is an ordinary panel.
  public var weight: Double
  /// Whether a unit is as long on both axes.
  public var hasEqualUnits: Bool
  /// Whether nothing at all is drawn: a free place in a grid.
  public private(set) var isBlank = false

  /// A free place in a grid.
  public static var blank: Panel {
    var panel = Panel(x: Axis(ticks: .none), y: Axis(ticks: .none), series: [])
    panel.isBlank = true
    return panel
  }

  public init(
    title: String? = nil, x: Axis = Axis(), y: Axis = Axis(), series: [Series],
    colours: ColourScale? = nil, weight: Double = 1, hasEqualUnits: Bool = false
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.colours = colours
    self.weight = weight
    self.hasEqualUnits = hasEqualUnits
  }
}

/// An axis. Its label carries the unit: `time (h)`.
public struct Axis: Sendable {
  public enum Ticks: Sendable {
    case automatic
    /// Ticks without numbers, for a panel that shares the axis of the one below.
    case unlabelled
    case at([(position: Double, label: String)])
    case none
  }

  public var label: String?
  /// Of the data, with a little room, when `nil`; from high to low when `isReversed`.
  public var range: ClosedRange<Double>?
  public var ticks: Ticks
  public var isReversed: Bool
  public var isLogarithmic: Bool
  /// Whether tick labels are written upwards, for many long names.
  public var hasSlantedTicks: Bool

  public init(
    _ label: String? = nil, range: ClosedRange<Double>? = nil, ticks: Ticks = .automatic,
    isReversed: Bool = false, isLogarithmic: Bool = false, hasSlantedTicks: Bool = false
  ) {
    self.label = label
    self.range = range
    self.ticks = ticks
    self.isReversed = isReversed
    self.isLogarithmic = isLogarithmic
    self.hasSlantedTicks = hasSlantedTicks
  }
}
