public import Encoders
public import SleepCore

/// What a recipe says of people and windows that lack some of its sensors.
///
/// In training each sensor of a sequence is left out at random, so that a model learns to do without: after Neverova and others,
/// "ModDrop: Adaptive Multi-Modal Gesture Recognition" (IEEE TPAMI 2016).
public struct MissingSensors: Settings {
  /// How probable it is that a sensor is left out of a training sequence; never are all of them.
  public var drop: Double = 0.3

  public static let ranges = NumberRanges(CodingKeys.self, [.drop: .number(0..<1)])

  public init() {}

  /// - Throws: `EncoderError` for an encoder that reads the windows beside each, among which those of a missing sensor would be zeros.
  public static func check(_ encoder: any Encoder) throws {
    guard encoder.readsNeighbours else { return }
    throw EncoderError.recipe(
      "missing: found an encoder that reads the windows beside each, among which those of a missing sensor would be zeros, "
        + "expected one that reads every window by itself")
  }
}
