public import Corpora
import Foundation
import Metrics
import SleepCore

/// How far the groups by which a pretext task puts its batches together are the labels themselves.
///
/// Where every stay is one class and every class is held once, telling stays apart is telling classes apart: a gain may then be of
/// that coincidence, and not be had where classes recur. Labels are read for this alone.
public struct Coincidence: Sendable {
  public let task: String
  /// Stays with a labelled window.
  public let stays: Int
  /// The share of labelled windows that have the commonest label of their stay.
  public let purity: Double
  /// Mutual information of stays and labels over the mean of the two entropies.
  public let mutualInformation: Double
  /// Stays of one label, of each person who has it.
  public let staysPerLabel: Double
  /// The share of windows that a window is told apart from, and that have its own label.
  public let sameLabelNegatives: Double

  /// `nil` of a task that takes any windows, and where no window has a label.
  ///
  /// - Parameter sources: One a corpus and sensor, with the labels of all who are pretrained on.
  public init?(_ task: any PretextTask, sources: [WindowSource], seed: UInt64) throws {
    guard let grouping = task.grouping else { return nil }
    let groups = try StaySampler(sources, grouping: grouping, seed: seed).labelledStays(sources)
    let rows = groups.joined().enumerated().flatMap { stay, labels in labels.map { (stay: stay, label: $0) } }
    guard let agreement = ClusterAgreement(rows.map(\.stay), rows.map(\.label)) else { return nil }
    self.task = type(of: task).name
    stays = groups.joined().count
    (purity, mutualInformation) = (agreement.purity, agreement.normalizedMutualInformation)
    let commonest = groups.map { group in
      group.compactMap { labels in
        // Of equally many the smaller, so that the order of a dictionary decides nothing.
        Dictionary(grouping: labels) { $0 }.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
      }
    }
    staysPerLabel =
      Double(commonest.joined().count) / Double(max(1, commonest.reduce(0) { $0 + Set($1).count }))
    var (same, all) = (0.0, 0.0)
    for compared in grouping.isToldApartWithin ? commonest : [Array(commonest.joined())] {
      same += Dictionary(grouping: compared) { $0 }.values.reduce(0) { $0 + Double($1.count * ($1.count - 1)) }
      all += Double(compared.count * (compared.count - 1))
    }
    sameLabelNegatives = all > 0 ? same / all : 0
  }

  /// Whether the groups are so nearly the labels that a gain may be of that.
  public var isNearlyTheLabels: Bool { purity > 0.9 && sameLabelNegatives < 0.03 && staysPerLabel < 1.5 }

  /// In words, for a report.
  public var text: String {
    let facts =
      String(
        format:
          "%@: %.0f %% of labelled windows have the label of their stay (%d stays, %.1f a label and group; mutual "
          + "information %.2f), %.0f %% of what a stay is told apart from has its label", task, 100 * purity, stays,
        staysPerLabel, mutualInformation, 100 * sameLabelNegatives)
    return isNearlyTheLabels
      ? facts
        + "\nwarning: the stays of '\(task)' are nearly the labels, each held about once: a gain may be of that coincidence, "
        + "and not be had where labels recur" : facts
  }
}

extension StaySampler {
  /// The labels of each stay of each group; stays without a label are left out.
  fileprivate func labelledStays(_ sources: [WindowSource]) -> [[[Int]]] {
    staysByGroup(epoch: 0).map { group in
      group.map { stay -> [Int] in
        let classes = sources[stay.corpus].classes(recording: stay.recording)
        return stay.windows.compactMap { classes[$0] >= 0 ? Int(classes[$0]) : nil }
      }.filter { !$0.isEmpty }
    }.filter { !$0.isEmpty }
  }
}
