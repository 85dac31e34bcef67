/// The most probable class of each window, all windows of a sequence taken together.
public struct CRFPaths: Equatable, Sendable {
  /// `[batch, length]`, -1 beyond a sequence's length.
  public internal(set) var tags: [Int64]
  /// The path's unnormalised score, `[batch]`; less the log-partition it is the path's log-probability.
  public internal(set) var scores: [Double]
}
