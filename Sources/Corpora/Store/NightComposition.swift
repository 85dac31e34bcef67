public import SleepCore

/// How nights are composed of the maps of one person, whose every posture was recorded by itself.
///
/// A night is a row of holds. A hold plays frames of one posture as they were recorded, forwards and backwards from a random place, so
/// that it may be longer than what was recorded and nothing in it jumps. Between two holds the last frame of the one goes over into the
/// first of the other in convex mixtures, which are of no posture. What is held next is, with the chance ``recur``, one of the
/// last ``memory`` other postures, each as likely; otherwise one of those that the person has held least often so far, each as likely.
public struct NightComposition: Settings {
  /// Nights are composed of recordings whose names begin with one of these; of all where empty.
  public var recordings: [String] = []
  /// The number of nights of each person.
  public var nights: Int = 2
  /// The number of holds of each night.
  public var holds: Int = 30
  /// The shortest and the longest hold, in seconds; each hold's length is drawn uniformly between them.
  public var holdSeconds: [Double] = [20, 90]
  /// The shortest and the longest movement between two holds, in seconds, drawn in the same way; of 0 s there is none.
  public var transitionSeconds: [Double] = [2, 6]
  /// The chance that the sleeper returns to one of the postures held last.
  public var recur: Double = 0.5
  /// How many postures, of those held last, the sleeper returns to.
  public var memory: Int = 3
  /// A posture of which fewer frames were recorded is left out.
  public var minimumFrames: Int = 10
  public var seed: UInt64 = 1

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .nights: .whole(1...1000),
      .holds: .whole(2...10_000),
      .holdSeconds: .number(above: 0, to: 86_400).list(2...2),
      .transitionSeconds: .number(0...3600).list(2...2),
      .recur: .number(0...1),
      .memory: .whole(1...19),
      .minimumFrames: .whole(1...1_000_000),
      .seed: .seed,
    ])

  /// No night is longer.
  private static let longestSeconds = 86_400.0

  public var conflict: Misfit? {
    for (key, bounds) in [("hold_seconds", holdSeconds), ("transition_seconds", transitionSeconds)]
    where bounds[0] > bounds[1] {
      return Misfit(key, is: "[\(short(bounds[0])), \(short(bounds[1]))]", expected: "the shorter one first")
    }
    let longest = Double(holds) * (holdSeconds[1] + transitionSeconds[1])
    guard longest > Self.longestSeconds else { return nil }
    return Misfit(
      "holds", with: ["hold_seconds", "transition_seconds"], is: "\(holds), in up to \(short(longest)) s",
      expected: "a night of at most \(short(Self.longestSeconds)) s")
  }

  public init() {}

  /// Whether a recording's frames are among those that nights are composed of.
  public func takes(recording: String) -> Bool {
    recordings.isEmpty || recordings.contains { recording.hasPrefix($0) }
  }
}
