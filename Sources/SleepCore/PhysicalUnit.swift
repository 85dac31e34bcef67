/// A unit that channels are measured in, so that values can be brought to another of its family.
///
/// Factors are those of the SI and of "The International System of Units" (BIPM, 9th edition); a pound-force a square inch, a millimetre of
/// mercury and a centimetre of water by their conventional values.
public struct PhysicalUnit: Hashable, Sendable {
  public enum Family: Hashable, Sendable {
    case voltage, acceleration, temperature, pressure, fraction, frequency, angularVelocity
  }

  public let family: Family
  /// A value in this unit, times `factor` plus `offset`, is one in the family's own unit: V, g, °C, Pa, 1, Hz, °/s.
  private let factor: Double
  private let offset: Double

  /// - Returns: `nil` for a text that is no known unit. Case and blanks do not count.
  public init?(_ text: String) {
    let key = String(text.lowercased().filter { !$0.isWhitespace }).replacing("μ", with: "µ")
    guard let unit = Self.known[key] else { return nil }
    self = unit
  }

  private init(_ family: Family, _ factor: Double, _ offset: Double = 0) {
    self.family = family
    self.factor = factor
    self.offset = offset
  }

  /// What a value in this unit is multiplied by, and what is then added, to have it in another.
  ///
  /// - Returns: `nil` where the other is of another family.
  public func conversion(to other: PhysicalUnit) -> (factor: Double, offset: Double)? {
    guard family == other.family else { return nil }
    return (factor / other.factor, (offset - other.offset) / other.factor)
  }

  private static let known: [String: PhysicalUnit] = {
    /// Standard gravity, in metres a second squared.
    let gravity = 9.80665
    let table: [(String, PhysicalUnit)] = [
      ("v volt volts", PhysicalUnit(.voltage, 1)),
      ("mv", PhysicalUnit(.voltage, 1e-3)),
      ("uv µv", PhysicalUnit(.voltage, 1e-6)),
      ("nv", PhysicalUnit(.voltage, 1e-9)),
      ("g", PhysicalUnit(.acceleration, 1)),
      ("mg milli-g", PhysicalUnit(.acceleration, 1e-3)),
      ("ug µg", PhysicalUnit(.acceleration, 1e-6)),
      ("m/s2 m/s^2 m/s² m/s/s m*s^-2 ms-2 ms^-2 m.s-2", PhysicalUnit(.acceleration, 1 / gravity)),
      ("mm/s2 mm/s^2 mm/s²", PhysicalUnit(.acceleration, 1e-3 / gravity)),
      ("c °c degc deg.c celsius", PhysicalUnit(.temperature, 1)),
      ("k kelvin", PhysicalUnit(.temperature, 1, -273.15)),
      ("f °f degf deg.f fahrenheit", PhysicalUnit(.temperature, 5.0 / 9, -160.0 / 9)),
      ("pa", PhysicalUnit(.pressure, 1)),
      ("hpa mbar", PhysicalUnit(.pressure, 100)),
      ("kpa", PhysicalUnit(.pressure, 1000)),
      ("bar", PhysicalUnit(.pressure, 1e5)),
      ("mmhg", PhysicalUnit(.pressure, 133.322)),
      ("cmh2o cmh₂o", PhysicalUnit(.pressure, 98.0665)),
      ("psi", PhysicalUnit(.pressure, 6894.757)),
      ("1 fraction ratio", PhysicalUnit(.fraction, 1)),
      ("% percent pct", PhysicalUnit(.fraction, 0.01)),
      ("‰", PhysicalUnit(.fraction, 0.001)),
      ("hz 1/s", PhysicalUnit(.frequency, 1)),
      (
        "bpm 1/min /min beats/min beatsperminute brpm breaths/min breathsperminute rpm",
        PhysicalUnit(.frequency, 1.0 / 60)
      ),
      ("°/s deg/s dps", PhysicalUnit(.angularVelocity, 1)),
      ("rad/s", PhysicalUnit(.angularVelocity, 180 / Double.pi)),
    ]
    return Dictionary(
      uniqueKeysWithValues: table.flatMap { names, unit in names.split(separator: " ").map { (String($0), unit) } })
  }()
}
