extension Posture {
  /// By how far a body is turned and a bed is inclined, in degrees.
  public struct Angles: Hashable, Sendable {
    /// About the body's long axis: 0 is supine, 90 on the right side, -90 on the left.
    public let turn: Double
    /// How far the bed's head is raised.
    public let incline: Double
  }

  /// The angles that the data set's description gives: lying on a side, fully or at 30 or 60 degrees, and supine in a bed at 30, 45 or 60
  /// degrees (Pouyan and others 2017); `nil` of postures that differ by more than an angle, as the fetal ones do by their legs and the
  /// variants of supine by their limbs.
  public var angles: Angles? {
    switch self {
    case .supine: Angles(turn: 0, incline: 0)
    case .right30: Angles(turn: 30, incline: 0)
    case .right60: Angles(turn: 60, incline: 0)
    case .right: Angles(turn: 90, incline: 0)
    case .left30: Angles(turn: -30, incline: 0)
    case .left60: Angles(turn: -60, incline: 0)
    case .left: Angles(turn: -90, incline: 0)
    case .supineBed30: Angles(turn: 0, incline: 30)
    case .supineBed45: Angles(turn: 0, incline: 45)
    case .supineBed60: Angles(turn: 0, incline: 60)
    default: nil
    }
  }

  /// The degrees between two postures that differ by one angle alone; infinite between others.
  public func degrees(to other: Posture) -> Double {
    if self == other { return 0 }
    guard let own = angles, let others = other.angles else { return .infinity }
    if own.incline == others.incline { return abs(own.turn - others.turn) }
    return own.turn == others.turn ? abs(own.incline - others.incline) : .infinity
  }
}

extension LabelScheme {
  /// The degrees between each two classes, infinite between those that no angle orders; `nil` of stages, and of classes that are several
  /// postures: between these there is only the same and another.
  public var degrees: [[Double]]? {
    guard kind == .postures else { return nil }
    let postures = classes.indices.map { index in Posture.allCases.filter { classIndex(ofStored: $0.rawValue) == index }
    }
    guard postures.allSatisfy({ $0.count == 1 }) else { return nil }
    return postures.map { own in postures.map { own[0].degrees(to: $0[0]) } }
  }
}
