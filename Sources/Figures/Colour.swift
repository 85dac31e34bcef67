/// An sRGB colour.
public struct Colour: Hashable, Sendable {
  /// As gnuplot and the web write it: `#0072B2`; an opacity goes before the red in gnuplot, `#800072B2`.
  public let code: String

  private init(_ code: String) { self.code = code }

  /// Text and axes.
  public static let ink = Colour("#222222")
  public static let white = Colour("#FFFFFF")
  public static let grey = Colour("#8C8C8C")
  public static let paleGrey = Colour("#C8C8C8")
  public static let blue = Colour("#0072B2")
  public static let vermilion = Colour("#D55E00")
  public static let green = Colour("#009E73")
  public static let purple = Colour("#CC79A7")
  public static let orange = Colour("#E69F00")
  public static let sky = Colour("#56B4E9")

  /// Colours that people with any colour vision tell apart, of Okabe and Ito, "Color Universal Design" (2008).
  /// Begins anew after eight.
  public static func series(_ index: Int) -> Colour {
    let all = [blue, vermilion, green, purple, orange, sky, ink, grey]
    return all[(index % all.count + all.count) % all.count]
  }
}

/// How an image's values become colours, and the bar that says so.
public struct ColourScale: Sendable {
  public enum Map: String, Sendable {
    /// Perceptually even, dark to light, for measured values.
    case viridis
    /// White to dark blue, for shares.
    case blues

    /// `position colour, …` as gnuplot's `set palette defined` takes it.
    var stops: String {
      switch self {
      case .viridis:
        "0 '#440154', 1 '#482878', 2 '#3E4989', 3 '#31688E', 4 '#26828E', 5 '#1F9E89', 6 '#35B779', "
          + "7 '#6DCD59', 8 '#B4DE2C', 9 '#FDE725'"
      case .blues:
        "0 '#FFFFFF', 1 '#DEEBF7', 2 '#C6DBEF', 3 '#9ECAE1', 4 '#6BAED6', 5 '#4292C6', 6 '#2171B5', 7 '#084594'"
      }
    }
  }

  public var map: Map
  /// Beside the bar, with the unit.
  public var label: String?
  /// Of the data when `nil`.
  public var range: ClosedRange<Double>?

  public init(_ map: Map = .viridis, label: String? = nil, range: ClosedRange<Double>? = nil) {
    self.map = map
    self.label = label
    self.range = range
  }
}
