/// Which of the sensors that are read together must have measured a window for it to count.
public enum SensorNeed: Hashable, Sendable {
  /// Every one of them; a recording that lacks one is left out.
  case all
  /// At least one of them; the others' windows are zeros there, and their flags say so.
  case any
}
