/// Something drawn on a panel's axes. A value that is not finite leaves a gap.
public enum Series: Sendable {
  case line(name: String? = nil, x: [Double], y: [Double], style: Style)
  /// Holds each value until the next `x`.
  case steps(name: String? = nil, x: [Double], y: [Double], style: Style)
  case points(name: String? = nil, x: [Double], y: [Double], style: Style)
  /// Points joined by a line, each with its interval.
  case intervals(name: String? = nil, x: [Double], y: [Double], low: [Double], high: [Double], style: Style)
  /// Upright strokes from 0, a colour each.
  case impulses(name: String? = nil, x: [Double], y: [Double], colours: [Colour], style: Style)
  case boxes([Box])
  case image(Grid)
  case texts([Text])

  /// How a line or mark looks.
  public struct Style: Sendable {
    public var colour: Colour
    public var width: Double
    public var isDashed: Bool

    public init(_ colour: Colour, width: Double = 2, isDashed: Bool = false) {
      self.colour = colour
      self.width = width
      self.isDashed = isDashed
    }
  }

  /// A filled rectangle.
  public struct Box: Sendable {
    public var x: ClosedRange<Double>
    public var y: ClosedRange<Double>
    public var colour: Colour

    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, colour: Colour) {
      self.x = x
      self.y = y
      self.colour = colour
    }
  }

  /// Words centred on a point of the axes.
  public struct Text: Sendable {
    public var text: String
    public var x: Double
    public var y: Double
    public var colour: Colour
    public var points: Int
    public var isLeftAligned: Bool

    public init(
      _ text: String, x: Double, y: Double, colour: Colour = .ink, points: Int = 11,
      isLeftAligned: Bool = false
    ) {
      self.text = text
      self.x = x
      self.y = y
      self.colour = colour
      self.points = points
      self.isLeftAligned = isLeftAligned
    }
  }

  /// Values on an even grid; cell `(row, column)` is centred on `(x0 + column * dx, y0 + row * dy)`.
  public struct Grid: Sendable {
    public let rows: Int
    public let columns: Int
    /// `[rows, columns]`, row-major.
    public let values: [Float]
    public let x: (start: Double, step: Double)
    public let y: (start: Double, step: Double)

    /// - Precondition: `values` holds `rows * columns` values.
    public init(
      rows: Int, columns: Int, values: [Float], x: (start: Double, step: Double) = (0, 1),
      y: (start: Double, step: Double) = (0, 1)
    ) {
      precondition(values.count == rows * columns, "\(rows) x \(columns) values")
      self.rows = rows
      self.columns = columns
      self.values = values
      self.x = x
      self.y = y
    }
  }
}
