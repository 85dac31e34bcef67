public import SleepCore

/// How a pretext task wants its batches put together: groups, of each some stays, and of each stay some windows.
public struct BatchGrouping: Hashable, Sendable {
  /// What a group is.
  public enum Unit: Hashable, Sendable {
    case subject
    case recording
  }

  /// Where a stay ends.
  public enum Cut: Hashable, Sendable {
    /// Of maps where one is unlike the one before it, of signals after ``StayOptions/length`` windows.
    case likeness
    /// After ``StayOptions/length`` windows, of maps too, whatever they show.
    case length
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
  public var cut: Cut
  /// Whether the windows of a stay follow one another, the first one first; drawn from anywhere in it otherwise.
  public var inOrder: Bool
  /// Where above 0, two stays of each group are of one recording and at least so many windows apart, and a group
  /// without two such is left out.
  public var apart: Int

  public init(
    unit: Unit, groups: Int, stays: Int, windows: Int, fewestStays: Int = 1, stay: StayOptions = .init(),
    cut: Cut = .likeness, inOrder: Bool = false, apart: Int = 0
  ) {
    self.unit = unit
    self.groups = groups
    self.stays = stays
    self.windows = windows
    self.fewestStays = fewestStays
    self.stay = stay
    self.cut = cut
    self.inOrder = inOrder
    self.apart = apart
  }

  /// Whether stays are told apart within their group, and not from all of the batch.
  var isToldApartWithin: Bool { fewestStays > 1 }

  /// Recordings of which each has windows near each other, and others far from them.
  ///
  /// - Parameters:
  ///   - near: The greatest distance of two windows of a stay, in windows.
  ///   - far: The least distance of two of a recording's stays, in windows.
  ///   - pieces: Stays of each recording.
  ///   - windows: Of each stay.
  package static func nearAndFar(near: Int, far: Int, recordings: Int, pieces: Int, windows: Int) -> BatchGrouping {
    var stay = StayOptions()
    stay.length = near + 1
    return BatchGrouping(
      unit: .recording, groups: recordings, stays: pieces, windows: windows, fewestStays: 2, stay: stay, cut: .length,
      apart: far)
  }

  /// What a corpus must hold to give a batch, in words that tell what to lower where it does not.
  package var lack: String {
    if apart > 0 {
      return
        "no recording with two pieces of \(windows) windows that are \(apart) windows apart to pretrain on: lower 'far'"
    }
    if cut == .length {
      let count = max(1, fewestStays)
      return "no \(unit) with \(count == 1 ? "a run" : "\(count) runs") of \(windows) windows to pretrain on: lower "
        + "'run.context' or 'run.ahead'"
    }
    return "no two stays of one subject to pretrain on: lower pairs.stay.correlation, stay.minimum or stay.length"
  }

  /// Windows in a batch, at the most.
  public var count: Int { groups * stays * windows }
}

/// What counts as a stay: windows of one recording, one after the other, between which little changes.
public struct StayOptions: Settings {
  /// A map that correlates less than this with the one before it begins another stay.
  public var correlation: Double = 0.96
  /// A map that correlates less than this with the first one of its stay begins another, so that a slow turn ends a stay too; -1 looks at
  /// neighbours alone.
  public var anchor: Double = -1
  /// A shorter stay of maps is left out.
  public var minimum: Int = 5
  /// A recording of signals is cut into stays of so many windows, from another start in each epoch.
  public var length: Int = 10

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .correlation: .number(-1...1),
      .anchor: .number(-1...1),
      .minimum: .whole(1...1_000_000),
      .length: .whole(2...1_000_000),
    ])

  public init() {}
}
