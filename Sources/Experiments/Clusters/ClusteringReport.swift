import Foundation
public import Metrics

/// What grouping without labels found, beside the labels.
public struct ClusteringReport: Codable, Sendable {
  /// One method's grouping.
  public struct Grouping: Codable, Sendable {
    public let method: String
    public let clusters: Int
    /// Windows of no cluster.
    public let noise: Int
    /// With the labels; what is in no cluster counts as one cluster more.
    public let agreement: ClusterAgreement?
    /// With the labels, of the windows in clusters alone; `nil` where there are none.
    public let clustered: ClusterAgreement?
    /// `[cluster, class]`, the last row being noise where there is any.
    public let counts: [[Int]]
  }

  public let dataset: String
  public let scheme: String
  public let classes: [String]
  public let windows: Int
  /// Scored windows of the corpus, of which `windows` were drawn.
  public let scoredWindows: Int
  /// What a point is.
  public let points: String
  public let settings: [String: Double]
  public let groupings: [Grouping]

  private static let mostListed = 12

  /// For the terminal.
  public var text: String {
    var text = "\(dataset), \(scheme): \(windows) of \(scoredWindows) scored windows\n\(points)\n\n"
    var table = TextTable(["method", "clusters", "noise", "adjusted Rand", "NMI", "without noise: Rand", "NMI"])
    for one in groupings {
      table.append(
        [one.method, "\(one.clusters)", String(format: "%.1f %%", 100 * Double(one.noise) / Double(max(1, windows)))]
          + Self.words(one.agreement) + Self.words(one.noise == 0 ? nil : one.clustered))
    }
    text += table.text
    for one in groupings {
      var table = TextTable(["\(one.method), cluster"] + classes + ["windows"])
      for (index, row) in one.counts.enumerated() where index < Self.mostListed || index == one.clusters {
        table.append(
          [index == one.clusters ? "noise" : "\(index + 1)"] + row.map(String.init) + ["\(row.reduce(0, +))"])
      }
      text += "\n" + table.text
      if one.clusters > Self.mostListed { text += "and \(one.clusters - Self.mostListed) more: see clusters.json\n" }
    }
    return text
  }

  private static func words(_ agreement: ClusterAgreement?) -> [String] {
    [agreement?.adjustedRandIndex, agreement?.normalizedMutualInformation].map {
      $0.map { String(format: "%.3f", $0) } ?? "-"
    }
  }
}

extension ClusteringReport.Grouping {
  /// - Parameters:
  ///   - labels: The cluster of each window, `nil` of noise.
  ///   - truth: The class of each window.
  init(_ method: String, labels: [Int?], truth: [Int], classes: Int) {
    let clusters = (labels.compactMap(\.self).max() ?? -1) + 1
    let inside = labels.indices.filter { labels[$0] != nil }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: clusters + 1)
    for (label, one) in zip(labels, truth) { counts[label ?? clusters][one] += 1 }
    self.init(
      method: method, clusters: clusters, noise: labels.count - inside.count,
      agreement: ClusterAgreement(labels.map { $0 ?? clusters }, truth),
      clustered: ClusterAgreement(inside.map { labels[$0] ?? 0 }, inside.map { truth[$0] }),
      counts: inside.count == labels.count ? counts.dropLast() : counts)
  }
}
