extension Posture {
  /// The posture that this one looks like when left and right change places.
  ///
  /// Of the undocumented variants of lying supine, the maps of 11 and 12 show one leg bent, each on its side; those of 8 to
  /// 10 are symmetric.
  public var mirrored: Posture {
    switch self {
    case .right: .left
    case .left: .right
    case .right30: .left30
    case .left30: .right30
    case .right60: .left60
    case .left60: .right60
    case .rightFetal: .leftFetal
    case .leftFetal: .rightFetal
    case .supine11: .supine12
    case .supine12: .supine11
    case .otherRight: .otherLeft
    case .otherLeft: .otherRight
    default: self
    }
  }
}
