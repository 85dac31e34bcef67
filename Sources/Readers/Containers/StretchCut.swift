/// Which pieces of a recording that paused are one stretch, so that what is missing within one takes no more room than what is there.
enum StretchCut {
  /// Longer gaps begin a new stretch.
  static let longestGapSeconds = 60.0

  /// - Parameters:
  ///   - pieces: What was stored and where it stands on one clock, in ticks, in order of time and without overlaps.
  ///   - rate: Ticks a second.
  /// - Returns: The indices of the pieces of each stretch.
  static func stretches(_ pieces: [Range<Int>], ticksPerSecond rate: Double) -> [Range<Int>] {
    guard !pieces.isEmpty else { return [] }
    var found: [Range<Int>] = []
    var first = 0
    var (stored, missing) = (0, 0)
    for (index, piece) in pieces.enumerated() {
      let gap = index > first ? piece.lowerBound - pieces[index - 1].upperBound : 0
      if Double(gap) > longestGapSeconds * rate || missing + gap > stored, index > first {
        found.append(first..<index)
        (first, stored, missing) = (index, 0, 0)
      } else {
        missing += gap
      }
      stored += piece.count
    }
    return found + [first..<pieces.count]
  }
}
