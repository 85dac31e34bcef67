public import SleepCore
import Training

/// What a recipe says of runs of windows whose later ones are foretold from the earlier ones.
public struct RunOptions: Settings {
  /// Windows that are read.
  public var context: Int = 5
  /// Windows behind them that are foretold.
  public var ahead: Int = 3
  /// Subjects, or recordings, in a batch.
  public var groups: Int = 4
  /// Runs of each group in a batch.
  public var runs: Int = 8
  /// What later windows are told apart from. Of other people or nights, who it is would tell.
  public var negatives: ContrastTask.Negatives = .sameRecording

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .context: .whole(1...10_000),
      .ahead: .whole(1...10_000),
      .groups: .whole(1...4096),
      .runs: .whole(2...4096),
    ])

  public init() {}

  /// Windows of a run.
  var length: Int { context + ahead }

  /// How batches are put together.
  package var grouping: BatchGrouping {
    var stay = StayOptions()
    stay.length = length
    return BatchGrouping(
      unit: negatives.unit ?? .subject, groups: groups, stays: runs, windows: length,
      fewestStays: negatives == .all ? 1 : 2, stay: stay, cut: .length, inOrder: true)
  }

  /// A number for what each run's windows are told apart within.
  func groups(_ windows: PretextWindows) -> [Int] {
    negatives.groups(windows, Array(stride(from: 0, to: windows.count, by: length)))
  }
}
