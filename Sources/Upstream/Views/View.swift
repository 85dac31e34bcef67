/// Which transform a window went through.
public enum View: Int, CaseIterable, Sendable {
  case raw, quarterTurn, halfTurn, threeQuarterTurn, frequency

  /// The four that ``RotationTask`` tells apart.
  public static let rotations: [View] = [.raw, .quarterTurn, .halfTurn, .threeQuarterTurn]
}
