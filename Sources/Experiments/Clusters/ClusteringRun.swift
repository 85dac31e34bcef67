import Clustering
public import Corpora
import Figures
import Files
public import Foundation
import Metrics
public import SleepCore
import Training

/// `ssrm cluster`: groups a corpus's windows without their labels, and says how well the groups agree with the labels.
public enum ClusteringRun {
  public struct Options: Sendable {
    /// Whose windows; the corpus's spectrograms where `nil`, or its only sensor.
    public var sensor: Sensor?
    /// The label scheme's name.
    public var labels = LabelScheme.fiveStages.name
    /// Of k-means; as many as classes where `nil`.
    public var clusters: Int?
    /// Of k-means.
    public var restarts = 10
    /// Of OPTICS: windows that make a neighbourhood dense, and a cluster at least.
    public var neighbours = 50
    /// Of OPTICS: how steep the edge of a valley is.
    public var xi = 0.05
    /// At most so many windows, since OPTICS looks at all pairs.
    public var sample = 10_000
    public var seed: UInt64 = 1
    public var silent = false

    public init() {}
  }

  /// Writes `report.txt`, `clusters.json`, `clusters.csv` and `reachability.png`.
  ///
  /// - Parameters:
  ///   - run: A run whose encoder makes the points; `nil` takes plain features.
  ///   - out: A new folder.
  /// - Throws: ``RecipeError``, ``FitError``, and what grouping throws.
  public static func run(_ corpus: Corpus, encoder run: URL?, options: Options, out: URL) throws -> ClusteringReport {
    guard let scheme = LabelScheme.named(options.labels), corpus.index.labels == scheme.kind else {
      let fitting = LabelScheme.all.filter { $0.kind == corpus.index.labels }.map(\.name)
      throw RecipeError(
        path: corpus.folder.path, problem: "the label scheme '\(options.labels)'",
        wanted: fitting.isEmpty ? "a corpus with labels" : "one of \(fitting.joined(separator: ", "))")
    }
    var random = RandomSource(seed: options.seed, for: "clusters")
    let windows = try ClusteringWindows(
      corpus, sensor: sensor(options.sensor, corpus), scheme: scheme, run: run, sample: options.sample,
      random: &random)
    let truth = windows.windows.map(\.label)
    return try out.writingWhole { folder in
      let points = windows.points
      let restarts = Progress("k-means beginning", total: options.restarts, silent: options.silent)
      let means = try KMeans(
        points, clusters: options.clusters ?? scheme.classes.count, restarts: options.restarts, using: &random
      ) { _ in
        try Interruption.check()
        restarts.advance(by: 1, "")
      }
      restarts.finish()
      let share = Progress("OPTICS, per cent", total: 100, silent: options.silent)
      var shown = 0
      let optics = try OPTICS(points, neighbours: options.neighbours) { done in
        try Interruption.check()
        share.advance(by: Int(100 * done) - shown, "")
        shown = Int(100 * done)
      }
      share.finish()
      let valleys = try optics.clusters(xi: options.xi, neighbours: options.neighbours, smallest: options.neighbours)
      let report = ClusteringReport(
        dataset: corpus.index.dataset, scheme: scheme.name, classes: scheme.classes, windows: points.count,
        scoredWindows: windows.total, points: windows.described,
        settings: [
          "restarts": Double(options.restarts), "neighbours": Double(options.neighbours), "xi": options.xi,
          "seed": Double(options.seed), "k_means_inertia": means.inertia,
        ],
        groupings: [
          .init("k-means", labels: means.labels.map { $0 }, truth: truth, classes: scheme.classes.count),
          .init("OPTICS", labels: valleys, truth: truth, classes: scheme.classes.count),
        ])
      func put(_ text: String, _ name: String) throws {
        try Data(text.utf8).writeWhole(to: folder.appendingPathComponent(name))
      }
      try put(report.text, "report.txt")
      try JSONEncoder.report.encode(report).writeWhole(to: folder.appendingPathComponent("clusters.json"))
      try put(csv(windows, corpus, scheme, means.labels, valleys), "clusters.csv")
      try Figure.reachability(
        title: "\(corpus.index.dataset): reachability of \(points.count) windows", optics.plot,
        clusters: optics.ordering.map { valleys[$0] }
      ).accompany(folder.appendingPathComponent("reachability.png"))
      return report
    }
  }

  private static func sensor(_ wanted: Sensor?, _ corpus: Corpus) throws -> Sensor {
    let present = corpus.contracts.map(\.sensor)
    if let wanted { return try corpus.sensor(wanted).sensor }
    if present.contains(.spectrogram) { return .spectrogram }
    guard present.count == 1 else {
      throw RecipeError(
        path: corpus.folder.path, problem: "several sensors and none chosen",
        wanted: "--sensor \(present.map(\.rawValue).joined(separator: " or "))")
    }
    return present[0]
  }

  /// A line a window; an empty cell is noise.
  private static func csv(
    _ windows: ClusteringWindows, _ corpus: Corpus, _ scheme: LabelScheme, _ means: [Int], _ valleys: [Int?]
  ) -> String {
    var text = CSV.line(["recording", "window", "label", "k_means", "optics"])
    for (index, one) in windows.windows.enumerated() {
      text += CSV.line([
        corpus.recordings[one.recording].id, "\(one.window)", scheme.classes[one.label], "\(means[index] + 1)",
        valleys[index].map { "\($0 + 1)" } ?? "",
      ])
    }
    return text
  }
}
