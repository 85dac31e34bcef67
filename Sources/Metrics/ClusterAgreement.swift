/// How well a clustering of windows agrees with another grouping of the same windows, whatever the groups are called.
public struct ClusterAgreement: Codable, Hashable, Sendable {
  /// 1 for equal groupings, 0 for what chance gives; the same with the two exchanged.
  ///
  /// Hubert and Arabie, "Comparing partitions" (1985), as scikit-learn's `adjusted_rand_score`.
  public let adjustedRandIndex: Double
  /// The share of windows that are of the commonest class of their cluster: more than 0, 1 where no cluster mixes classes.
  ///
  /// Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), section 16.3. Chance gives at least the share
  /// of the commonest class, and more with every cluster: compare only clusterings of as many clusters.
  public let purity: Double
  /// What a window's cluster tells of its class, in nats: 0 to the smaller of the two entropies; the same with the two exchanged.
  ///
  /// Shannon, "A mathematical theory of communication" (1948), as scikit-learn's `mutual_info_score`. It is not corrected for
  /// chance.
  public let mutualInformation: Double
  /// Mutual information over the mean of the two entropies, 0 to 1; 1 where both groupings have one group.
  ///
  /// As scikit-learn's `normalized_mutual_info_score`. It is not corrected for chance.
  public let normalizedMutualInformation: Double

  /// Compares the windows that are in a group on both sides; their number is at least 1.
  ///
  /// - Parameters:
  ///   - first: The cluster of each window, any number; -1 leaves the window out.
  ///   - second: The class of each window, any number; -1 leaves the window out.
  /// - Returns: `nil` without such windows or where the lengths differ.
  public init?(_ first: [Int], _ second: [Int]) {
    guard let table = ContingencyTable(first, second) else { return nil }
    adjustedRandIndex = table.adjustedRandIndex
    purity = table.purity
    mutualInformation = table.mutualInformation
    normalizedMutualInformation = table.normalizedMutualInformation
  }
}
