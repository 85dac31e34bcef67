/// A sleep stage by the rules of the AASM. Stage 4 of the older rules is joined with N3 when it is read.
///
/// The raw value is what a corpus stores; -1 there is an unscored window.
public enum Stage: Int8, Codable, Hashable, Sendable {
  case wake = 0
  case n1 = 1
  case n2 = 2
  case n3 = 3
  case rem = 4
  /// Sleep that is not REM, of a depth that nobody scored: it counts where a scheme asks for no depth.
  case nrem = 5

  /// `W`, `N1`, `N2`, `N3`, `REM` or `NREM`.
  public var name: String { ["W", "N1", "N2", "N3", "REM", "NREM"][Int(rawValue)] }
}

extension Stage: CaseIterable {
  /// The five stages of the AASM, which are the classes of most recognisers.
  public static let allCases: [Stage] = [.wake, .n1, .n2, .n3, .rem]

  /// Every stage that a corpus may store: the five, and NREM of unknown depth.
  public static let stored: [Stage] = allCases + [.nrem]
}

/// The scored stages of one recording, one a window of equal length.
public struct Hypnogram: Hashable, Sendable {
  /// Start of the first window, in seconds from the start of the recording; negative before it.
  public let startSeconds: Double
  /// Length of a window, 30 by the rules.
  public let windowSeconds: Double
  /// One a window, in order of time; `nil` is unscored, movement or unknown.
  public let stages: [Stage?]

  public init(startSeconds: Double = 0, windowSeconds: Double = 30, stages: [Stage?]) {
    self.startSeconds = startSeconds
    self.windowSeconds = windowSeconds
    self.stages = stages
  }
}
