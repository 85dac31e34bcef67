/// One of the 17 postures of the pressure map data set. The raw value, which a corpus stores, is the
/// published number less one.
public enum Posture: Int8, CaseIterable, Codable, Hashable, Sendable {
  case supine, right, left, right30, right60, left30, left60
  case supine8, supine9, supine10, supine11, supine12
  case rightFetal, leftFetal
  case supineBed30, supineBed45, supineBed60

  /// The published number, 1...17.
  public var number: Int { Int(rawValue) + 1 }

  /// - Parameter number: The published number; `nil` comes back outside 1...17.
  public init?(number: Int) {
    guard (1...17).contains(number) else { return nil }
    self.init(rawValue: Int8(number - 1))
  }

  /// A short name for tables: `supine`, `right 30`, `left fetal`.
  public var name: String {
    [
      "supine", "right", "left", "right 30", "right 60", "left 30", "left 60", "supine 8",
      "supine 9", "supine 10", "supine 11", "supine 12", "right fetal", "left fetal", "bed 30",
      "bed 45", "bed 60",
    ][Int(rawValue)]
  }

  /// Which side the body lies on, the coarse label.
  public var side: Side {
    switch self {
    case .right, .right30, .right60, .rightFetal: .right
    case .left, .left30, .left60, .leftFetal: .left
    default: .supine
    }
  }

  public enum Side: Int8, CaseIterable, Codable, Hashable, Sendable {
    case supine, right, left
  }
}
