/// A score of single nights, as papers on sleep staging give it: mean and standard deviation over nights.
public struct NightScore: Codable, Hashable, Sendable {
  /// Nights that define the score.
  public let nights: Int
  public let mean: Double?
  /// Of a sample, with `n - 1` below; `nil` of fewer than two nights.
  public let deviation: Double?

  /// - Parameter values: One a night; `nil` where it is not defined.
  init(_ values: [Double?]) {
    let defined = values.compactMap(\.self)
    nights = defined.count
    mean = Metrics.mean(defined)
    deviation = standardDeviation(defined)
  }
}
