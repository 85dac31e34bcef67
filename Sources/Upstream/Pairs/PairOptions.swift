public import SleepCore
public import Training

/// What a recipe says of pairs of windows that are to be alike: which they are, and how each is changed.
public struct PairOptions: Settings {
  /// Which windows are a pair.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Two changed copies of one window.
    case copies
    /// Two windows of one stay, each changed.
    case neighbours
  }

  public var of: Kind = .copies
  /// Subjects, or recordings, in a batch of grouped windows; a batch that is not grouped has `pretraining.batch` windows.
  public var groups: Int = 7
  /// Stays of each group in a batch.
  public var stays: Int = 17
  public var stay: StayOptions = .init()
  /// `mirror` turns all maps of a subject in a batch, or none.
  public var map: MapAugmentation = .init()
  public var signal: SignalAugmentation = .strong

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .groups: .whole(1...4096),
      .stays: .whole(2...4096),
    ])

  public init() {}

  /// How batches are put together; `nil` where any windows will do.
  ///
  /// - Parameters:
  ///   - unit: What negatives are of; `nil` where they are of all windows.
  func grouping(within unit: BatchGrouping.Unit?) -> BatchGrouping? {
    guard of == .neighbours || unit != nil else { return nil }
    return BatchGrouping(
      unit: unit ?? .subject, groups: groups, stays: stays, windows: of == .neighbours ? 2 : 1,
      fewestStays: unit == nil ? 1 : 2, stay: stay)
  }
}
