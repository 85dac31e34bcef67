extension Signal {
  /// Puts the stretches of interrupted signals together: those of one sensor with the same channels and rate, in order of time.
  ///
  /// - Returns: In the order of each one's first stretch; a signal that was not interrupted stands alone, and so does one whose samples
  ///   have a time each.
  public static func stretches(of signals: [Signal]) -> [[Signal]] {
    var groups: [[Signal]] = []
    for signal in signals {
      if let index = groups.firstIndex(where: { $0[0].continues(as: signal) }) {
        groups[index].append(signal)
      } else {
        groups.append([signal])
      }
    }
    return groups.map { group in group.sorted { $0.startSeconds < $1.startSeconds } }
  }

  private func continues(as other: Signal) -> Bool {
    guard case .regular(_, let rate) = timing, case .regular(_, let otherRate) = other.timing else { return false }
    return sensor == other.sensor && channels == other.channels && rate == otherRate
  }

  private var startSeconds: Double {
    if case .regular(let start, _) = timing { start } else { 0 }
  }
}
