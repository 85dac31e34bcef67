public import SleepCore

/// How a pretext task wants its batches put together: groups, of each some stays, and of each stay one window or two.
public struct BatchGrouping: Hashable, Sendable {
  /// What a group is.
  public enum Unit: Hashable, Sendable {
    case subject
    case recording
  }

  public var unit: Unit
  /// Groups in a batch, at the most.
  public var groups: Int
  /// Stays of each group, at the most.
  public var stays: Int
  /// Windows of each stay, next to each other in the batch: different ones.
  public var windows: Int
  /// A group with fewer stays is left out.
  public var fewestStays: Int
  public var stay: StayOptions

  public init(unit: Unit, groups: Int, stays: Int, windows: Int, fewestStays: Int = 1, stay: StayOptions = .init()) {
    self.unit = unit
    self.groups = groups
    self.stays = stays
    self.windows = windows
    self.fewestStays = fewestStays
    self.stay = stay
  }

  /// Windows in a batch, at the most.
  public var count: Int { groups * stays * windows }
}

/// What counts as a stay: windows of one recording, one after the other, between which little changes.
public struct StayOptions: Settings {
  /// A map that correlates less than this with the one before it begins another stay.
  public var correlation: Double = 0.96
  /// A shorter stay of maps is left out.
  public var minimum: Int = 5
  /// A recording of signals is cut into stays of so many windows, from another start in each epoch.
  public var length: Int = 10

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .correlation: .number(-1...1),
      .minimum: .whole(1...1_000_000),
      .length: .whole(2...1_000_000),
    ])

  public init() {}
}
