/// How someone lies on a pressure mat: one of the 17 postures of the pressure map data set, or only a side.
///
/// The raw value is what a corpus stores; that of the 17 is the published number less one.
public enum Posture: Int8, CaseIterable, Codable, Hashable, Sendable {
  case supine, right, left, right30, right60, left30, left60
  case supine8, supine9, supine10, supine11, supine12
  case rightFetal, leftFetal
  case supineBed30, supineBed45, supineBed60
  /// Supine, to the right or to the left, but known to be none of the 17 or not known to be one.
  case otherSupine, otherRight, otherLeft

  /// The 17 published postures, in order of their numbers.
  public static let published: [Posture] = allCases.filter { $0.number != nil }

  /// The published number, 1...17, where it is one of those.
  public var number: Int? { rawValue < Posture.otherSupine.rawValue ? Int(rawValue) + 1 : nil }

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
      "bed 45", "bed 60", "other supine", "other right", "other left",
    ][Int(rawValue)]
  }

  /// Which side the body lies on, the coarse label.
  public var side: Side {
    switch self {
    case .right, .right30, .right60, .rightFetal, .otherRight: .right
    case .left, .left30, .left60, .leftFetal, .otherLeft: .left
    case .supine, .supine8, .supine9, .supine10, .supine11, .supine12, .supineBed30, .supineBed45,
      .supineBed60, .otherSupine:
      .supine
    }
  }

  public enum Side: Int8, CaseIterable, Codable, Hashable, Sendable {
    case supine, right, left
  }
}
