/// What one axis of an array runs over, as a card names it.
public enum ArrayAxis: String, Codable, CaseIterable, Hashable, Sendable {
  /// Windows that follow each other without a gap.
  case windows
  case channels
  case samples
}
